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
    /// A process of the server.
    let backendIdentifier: Int32
    private let handle: PostgresHandle
    private let watched: WatchedDescriptor
    private let logger: Logger
    /// How long the server may take for one statement; nil for any time.
    var responseTimeout: Duration?
    private let deadline: Timer

    private var outgoing: [StatementRequest] = []
    private var pipeline = StatementPipeline<StatementRequest>()
    private var statements: PreparedStatementCache
    private var parameters = ParameterBuffer()
    /// Who waits for a script, while one runs.
    private var script: ScriptRun?
    private var isFlushPromised = false
    /// The socket took only a part.
    private var isFull = false
    private var isWaitingToWrite = false

    private(set) var isOpen = true
    /// It ended otherwise than by `close`.
    private(set) var wasLost = false
    var onEnd: EndHandler?
    /// Called when statements have come back: there may be room for others.
    var onProgress: (() -> Void)?

    /// Lent to a transaction: nobody else sends anything.
    var isLeased = false
    private(set) var lastUse: MonotonicTime

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
        backendIdentifier = handle.backendIdentifier
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

// MARK: - Sending

extension PostgresConnection {
    /// Sends a statement at the end of this turn. When the connection ends before that, the request goes to `onEnd`.
    func send(_ request: StatementRequest) {
        loop.assertCurrent()
        precondition(isOpen, "a statement for a connection that has ended")
        lastUse = loop.now
        outgoing.append(request)
        promiseFlush()
    }

    private func promiseFlush() {
        // While the server takes nothing, statements wait here, where they are known not to have left.
        if isFlushPromised || isFull { return }
        isFlushPromised = true
        loop.callAtTurnEnd(self)
    }

    func turnEnded() {
        isFlushPromised = false
        guard isOpen, !isFull else { return }
        let wasIdle = pipeline.isEmpty
        let requests = outgoing
        outgoing.removeAll(keepingCapacity: requests.count <= 1_024)
        for (index, request) in requests.enumerated() where !transmit(request) {
            // Whether libpq had passed any of it on is unknown.
            pipeline.append(request, isPreparing: false)
            outgoing = Array(requests[(index + 1)...])
            return end(.lost)
        }
        if !isLeased { transmitHousekeeping() }
        if wasIdle { startDeadline() }
        flush()
    }

    /// Hands a statement to libpq; false when that refuses.
    private func transmit(_ request: StatementRequest) -> Bool {
        // Its deadline has passed while it waited.
        if request.isFinished { return true }
        do throws(DatabaseError) {
            try parameters.encode(request.statement.binds)
        } catch {
            request.finish(.failure(error))
            return true
        }
        let key = PreparedStatement.Key(text: request.statement.text, types: parameters.types)
        // One that was refused before goes as the statement without a name, which is nobody else's: whether the one in the
        // cache will do is unknown until the server has answered.
        let (statement, isNew) =
            request.wasPreparedAgain ? (PreparedStatement(key: key, name: ""), true) : statements.statement(for: key)
        request.prepared = statement
        if isNew {
            guard !key.text.utf8.contains(0) else {
                statements.forget(statement, isOnServer: false)
                request.finish(.failure(DatabaseError(.other, message: "a statement holds a zero byte")))
                return true
            }
            guard handle.sendPrepare(key.text, as: statement.name, types: key.types) else { return false }
        }
        guard handle.sendExecute(statement.name, &parameters), handle.sendSync() else { return false }
        pipeline.append(request, isPreparing: isNew)
        return true
    }

    /// Lets the server forget statements that were not used for long. Nobody waits for that.
    private func transmitHousekeeping() {
        if statements.discarded.isEmpty { return }
        for name in statements.takeDiscarded() {
            guard handle.sendCommand("DEALLOCATE \(name)"), handle.sendSync() else { return end(.lost) }
            pipeline.append(StatementRequest("DEALLOCATE"), isPreparing: false)
        }
    }

    /// > After sending any command or data on a nonblocking connection, call PQflush. If it returns 1, wait for the socket
    /// > to become read- or write-ready. If it becomes write-ready, call PQflush again. If it becomes read-ready, call
    /// > PQconsumeInput, then call PQflush again. Repeat until PQflush returns 0.
    private func flush() {
        guard isOpen else { return }
        switch handle.flush() {
        case .failed: return end(.lost)
        case .done:
            isFull = false
            if !outgoing.isEmpty { promiseFlush() }
        case .blocked:
            isFull = true
            watched.noteFull()
            if !isWaitingToWrite {
                isWaitingToWrite = true
                let confined = LoopBound(self, on: loop)
                loop.spawn { await confined.value.flushWhenWritable() }
            }
        }
        // A flush that finds no room reads, lest both sides wait for each other: answers may have come by that way.
        collect()
    }

    private func flushWhenWritable() async {
        while isOpen, isFull {
            if case .ready = await watched.writable() { flush() }
        }
        isWaitingToWrite = false
    }
}

// MARK: - Receiving

extension PostgresConnection {
    private func receiveUntilEnd() async {
        while isOpen {
            guard case .ready = await watched.readable() else { continue }
            receive()
        }
    }

    /// Takes what there is. PQconsumeInput reads once and does not say whether it left something, and no second event
    /// tells of that, so the socket is asked.
    private func receive() {
        guard isOpen else { return }
        let isSound = consumeInput()
        collect()
        guard isOpen else { return }
        if !isSound { return end(.lost) }
        if !watched.descriptor.hasInput { watched.noteNothing() }
        if isFull { flush() }
    }

    private func consumeInput() -> Bool {
        guard handle.usesTLS else { return handle.consumeInput() }
        // The TLS library holds a whole record, of at most 16,384 bytes, of which libpq may take no more than the 8,192
        // it makes room for: three reads leave nothing there.
        return handle.consumeInput() && handle.consumeInput() && handle.consumeInput()
    }

    private func collect() {
        if script != nil { return collectScript() }
        let before = pipeline.count
        while isOpen, !pipeline.isEmpty, !handle.isBusy {

            do throws(StatementPipeline<StatementRequest>.Violation) {
                guard let reply = nextReply() else { return }
                if let completion = try pipeline.receive(reply) { complete(completion) }
            } catch {
                logger.error("the database answered out of turn: its connection is closed")
                return end(.lost)
            }
        }
        guard isOpen, pipeline.count < before else { return }
        startDeadline()
        onProgress?()
    }

    /// Nil when it ended the connection.
    private func nextReply() -> StatementPipeline<StatementRequest>.Reply? {
        guard let result = handle.nextResult() else { return .end }
        switch result.status {
        case .complete: return answer(of: result)
        case .synchronised: return .synchronised
        case .skipped: return .skipped
        case .failed:
            let failure = result.failure
            guard failure.sqlState != nil else {
                end(.lost)
                return nil
            }
            return reply(of: failure)
        case .unexpected:
            // COPY waits for us to take part, and there is no way around it.
            let error = DatabaseError(.other, message: "the statement is of a kind that this driver does not do")
            pipeline.current?.request.finish(.failure(error))
            end(.lost)
            return nil
        }
    }

    private func answer(of result: borrowing PostgresResult) -> StatementPipeline<StatementRequest>.Reply {
        guard let (request, stage) = pipeline.current, stage == .executing else {
            return .success(QueryResult(columns: [], values: [], changedCount: 0))
        }
        if request.isCommit, result.commandTag != "COMMIT" {
            let error = DatabaseError(
                .other,
                sqlState: "25P02",
                message: "the transaction had failed, and was rolled back"
            )
            return .failure(error, isFatal: false)
        }
        do throws(DatabaseError) {
            var layout = request.prepared?.layout
            let rows = try result.rows(layout: &layout)
            request.prepared?.layout = layout
            return .success(rows)
        } catch {
            return .failure(error, isFatal: false)
        }
    }

    private func reply(of failure: ServerFailure) -> StatementPipeline<StatementRequest>.Reply {
        guard let request = pipeline.current?.request else { return .failure(failure.error, isFatal: failure.isFatal) }
        if failure.isStaleStatement, let prepared = request.prepared {
            statements.forget(prepared, isOnServer: failure.sqlState != "26000")
            request.isStale = true
        }
        if failure.isFatal, request.isCommit {
            return .failure(DatabaseError(.connectionLost, sqlState: failure.sqlState), isFatal: true)
        }
        return .failure(failure.error, isFatal: failure.isFatal)
    }

    private func complete(_ completion: StatementPipeline<StatementRequest>.Completion) {
        let request = completion.request
        if completion.wasPrepareRefused, let prepared = request.prepared {
            statements.forget(prepared, isOnServer: false)
        }
        guard request.isStale else { return request.finish(completion.outcome) }
        request.isStale = false
        if isLeased {
            // The transaction has failed with it; done again as a whole it will succeed.
            request.finish(.failure(DatabaseError(.conflict, message: "the schema was changed meanwhile")))
        } else if request.wasPreparedAgain {
            request.finish(completion.outcome)
        } else {
            request.wasPreparedAgain = true
            send(request)
        }
    }
}

// MARK: - Scripts

extension PostgresConnection {
    private struct ScriptRun {
        let text: String
        let pending = Pending<Void>()
        var failure: DatabaseError?
    }

    /// Runs many statements, parted by semicolons; what they answer is dropped. The connection must be leased, with
    /// nothing else under way.
    func run(script text: String) async throws(DatabaseError) {
        loop.assertCurrent()
        precondition(isOpen && depth == 0, "a script needs a connection to itself")
        guard !text.utf8.contains(0) else { throw DatabaseError(.other, message: "a script holds a zero byte") }
        let run = ScriptRun(text: text)
        script = run
        if handle.sendScript(text) { flush() } else { end(.lost) }
        try await run.pending.value()
    }

    private func collectScript() {
        while isOpen, let run = script, !handle.isBusy {
            guard let result = handle.nextResult() else {
                script = nil
                guard handle.returnToPipeline() else {
                    run.pending.finish(.failure(DatabaseError(.connectionLost)))
                    return end(.lost)
                }
                return run.pending.finish(run.failure.map { .failure($0) } ?? .success(()))
            }
            switch result.status {
            case .complete: break
            case .failed:
                let failure = result.failure
                script?.failure = run.failure ?? failure.error(in: run.text)
            // COPY, which would have to be fed.
            case .synchronised, .skipped, .unexpected: return end(.lost)
            }
        }
    }
}

// MARK: - The end

extension PostgresConnection {
    private enum End {
        case closed
        case lost
        /// The first statement was not answered in time.
        case timedOut
    }

    /// Each statement has the whole time from when it became the first in line: one that is behind a slow one must not
    /// suffer for it.
    private func startDeadline() {
        guard let responseTimeout else { return }
        if pipeline.isEmpty { deadline.disarm() } else { deadline.move(to: loop.now + responseTimeout) }
    }

    private func end(_ reason: End) {
        loop.assertCurrent()
        guard isOpen else { return }
        isOpen = false
        wasLost = reason != .closed
        deadline.cancel()
        watched.close()
        if reason == .timedOut { logger.warning("the database did not answer in time: its connection is closed") }
        for (index, entry) in pipeline.abandon().enumerated() {
            let error: DatabaseError =
                switch reason {
                case .closed: DatabaseError(.unavailable, message: "the connection was closed")
                case .timedOut where index == 0: DatabaseError(.timeout, message: "the database did not answer in time")
                case .lost, .timedOut: DatabaseError(.connectionLost, message: "the connection broke")
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
