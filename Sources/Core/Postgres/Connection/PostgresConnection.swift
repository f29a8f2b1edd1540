internal import Database
internal import Linux
internal import Networking
internal import Operations

/// One connection, with any number of statements under way: what is asked for in a turn of the loop is sent at its end,
/// and each statement fails or succeeds alone.
///
/// Belongs to its loop. Must be closed, unless it ends by itself.
final class PostgresConnection: TurnEndObserver {
    /// Told once, when the connection is over, with the statements that never left.
    typealias EndHandler = (PostgresConnection, [StatementRequest]) -> Void

    let loop: EventLoop

    // For the files of this type; nobody else touches these.
    let handle: PostgresHandle
    let watched: WatchedDescriptor
    let logger: Logger
    /// How long the server may take for one statement; nil for any time.
    var responseTimeout: Duration?
    let deadline: Timer

    var outgoing: [StatementRequest] = []
    var pipeline = StatementPipeline<StatementRequest>()
    var statements: PreparedStatementCache
    var parameters = ParameterBuffer()
    /// Who waits for a script, while one runs.
    var script: ScriptRun?
    var isFlushPromised = false
    /// The socket took only a part.
    var isFull = false
    var isWaitingToWrite = false

    // For everybody.
    private(set) var isOpen = true
    /// It ended otherwise than by `close`.
    private(set) var wasLost = false
    var onEnd: EndHandler?
    /// Called when statements have come back: there may be room for others.
    var onProgress: (() -> Void)?

    /// Lent to a transaction: nobody else sends anything.
    var isLeased = false
    var lastUse: MonotonicTime

    /// Statements that have not been answered.
    var depth: Int { outgoing.count + pipeline.count + (script == nil ? 0 : 1) }

    /// Takes over a handle that has connected.
    init(
        _ handle: PostgresHandle,
        watched: WatchedDescriptor,
        settings: PostgresSettings,
        logger: Logger
    ) throws(DatabaseError) {
        self.handle = handle
        self.watched = watched
        self.logger = logger
        loop = watched.loop
        responseTimeout = settings.responseTimeout
        statements = PreparedStatementCache(limit: settings.preparedStatementLimit)
        deadline = Timer(loop: loop)
        lastUse = loop.now
        do throws(DatabaseError) {
            try handle.enterPipeline()
        } catch {
            watched.close()
            throw error
        }
        deadline.action = { [unowned self] in end(.timedOut) }
        let confined = LoopBound(self, on: loop)
        loop.spawn { await confined.value.receiveUntilEnd() }
    }

    /// Closes at once. What is under way fails with `unavailable`.
    func close() { end(.closed) }

    /// Whether a transaction is open, as far as the server has answered.
    var transactionState: PostgresHandle.TransactionState { handle.transactionState }
}

// MARK: - The end

extension PostgresConnection {
    enum End {
        case closed
        case lost
        /// The first statement was not answered in time.
        case timedOut
    }

    /// Each statement has the whole time from when it became the first in line: one that is behind a slow one must not
    /// suffer for it.
    func startDeadline() {
        guard let responseTimeout else { return }
        if pipeline.isEmpty { deadline.disarm() } else { deadline.move(to: loop.now + responseTimeout) }
    }

    func end(_ reason: End) {
        loop.assertCurrent()
        guard isOpen else { return }
        isOpen = false
        wasLost = reason != .closed
        deadline.cancel()
        watched.close()
        if reason == .timedOut { logger.warning("the database did not answer in time: its connection is closed") }
        for entry in pipeline.abandon() {
            let error: DatabaseError =
                switch reason {
                case .closed: DatabaseError(.unavailable, message: "the connection was closed")
                // Not `timeout`, which the server reports of what it has not carried out: this it may have.
                case .timedOut: DatabaseError(.connectionLost, message: "the database did not answer in time")
                case .lost: DatabaseError(.connectionLost, message: "the connection broke")
                }
            entry.request.finish(.failure(entry.failure ?? error))
        }
        script?.pending.finish(.failure(DatabaseError(.connectionLost, message: "the connection broke")))
        script = nil
        let unsent = outgoing
        outgoing = []
        onProgress = nil
        let onEnd = onEnd
        self.onEnd = nil
        onEnd?(self, unsent)
    }
}
