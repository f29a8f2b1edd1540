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
    /// How long the server may take for one statement, and a statement may take from when it was asked for; nil for any
    /// time.
    var responseTimeout: Duration?
    let slowTime: Duration
    let deadline: Timer
    /// When the first in line has had its time, and the server is taken for dead.
    var firstDeadline = MonotonicTime.distantFuture
    /// From when on the first in line is slow.
    var slowAfter = MonotonicTime.distantFuture

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

    /// The first in line takes long, and what is sent now would wait for it.
    var isSlow: Bool { slowAfter < loop.now }

    /// By this connections are compared: statements that have not been answered, and one that is slow counts for more than
    /// any number.
    var load: Int { isSlow ? depth + PostgresConnection.slowLoad : depth }

    private static let slowLoad = 1 << 32

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
        slowTime = settings.slowTime
        statements = PreparedStatementCache(limit: settings.preparedStatementLimit)
        deadline = Timer(loop: loop)
        lastUse = loop.now
        do throws(DatabaseError) {
            try handle.enterPipeline()
        } catch {
            watched.close()
            throw error
        }
        deadline.action = { [unowned self] in deadlinePassed() }
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

    /// To be called when another statement has become the first in line, or there is none any more.
    func startDeadline() {
        guard !pipeline.isEmpty else {
            (slowAfter, firstDeadline) = (.distantFuture, .distantFuture)
            return deadline.disarm()
        }
        slowAfter = loop.now + slowTime
        firstDeadline = responseTimeout.map { loop.now + $0 } ?? .distantFuture
        moveDeadline()
    }

    /// To when the first in line, or the first of those who still wait, has had its time.
    private func moveDeadline() {
        guard let responseTimeout else { return }
        let waiting = pipeline.requests.first { !$0.isFinished } ?? outgoing.first { !$0.isFinished }
        deadline.move(to: min(firstDeadline, waiting.map { $0.issued + responseTimeout } ?? .distantFuture))
    }

    /// The server has the whole time for each statement from when it is the first in line: it did not ask for the others.
    /// Who waits behind them waits no longer for that, and gives up alone.
    private func deadlinePassed() {
        guard let responseTimeout else { return }
        if firstDeadline <= loop.now { return end(.timedOut) }
        for request in pipeline.requests where request.issued + responseTimeout <= loop.now {
            request.finish(.failure(DatabaseError(.connectionLost, message: "no answer in time")))
        }
        for request in outgoing where request.issued + responseTimeout <= loop.now {
            request.finish(.failure(DatabaseError(.timeout, message: "could not be sent in time")))
        }
        moveDeadline()
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
