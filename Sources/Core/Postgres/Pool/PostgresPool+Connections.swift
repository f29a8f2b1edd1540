internal import Database
internal import Linux
internal import Networking
internal import Operations

extension PostgresPool {
    /// Asks for one more connection. True when one is on its way.
    @discardableResult
    func grow() -> Bool {
        if attempt != nil { return true }
        guard !isClosed, connections.count < settings.maximumConnections, loop.now >= nextAttempt else { return false }
        startAttempt()
        return true
    }

    /// Keeps the minimum, and has one when somebody waits.
    func connectIfNeeded(isWanted: Bool = false) {
        let wanted = isWanted || line.first() != nil ? max(1, settings.minimumConnections) : settings.minimumConnections
        guard attempt == nil, !isClosed, connections.count < wanted else { return }
        if loop.now >= nextAttempt {
            startAttempt()
        } else {
            attemptTimer.move(to: nextAttempt)
        }
    }

    func startAttempt() {
        let attempt = ConnectionAttempt(address: address, settings: settings, logger: logger, loop: loop)
        self.attempt = attempt
        let confined = LoopBound((pool: self, attempt: attempt), on: loop)
        loop.spawn { await confined.value.pool.carryOut(confined.value.attempt) }
    }

    func carryOut(_ attempt: ConnectionAttempt) async {
        do throws(DatabaseError) {
            let connection = try await attempt.connect()
            self.attempt = nil
            if isClosed { connection.close() } else { add(connection) }
        } catch {
            self.attempt = nil
            if !isClosed { noteFailedAttempt(error) }
        }
        closeWaiter?.finish(.success(()))
    }

    func add(_ connection: PostgresConnection) {
        connection.onEnd = { [unowned self] in remove($0, unsent: $1) }
        connection.onProgress = { [unowned self] in if !line.isEmpty { serveLine() } }
        connections.append(connection)
        backoff.reset()
        nextAttempt = loop.now
        if isAway {
            isAway = false
            logger.notice("the database is back", ["away": .duration(loop.now - awaySince)])
        }
        serveLine()
        connectIfNeeded()
    }

    func noteFailedAttempt(_ error: DatabaseError) {
        if backoff.failureCount == 0 {
            // libpq names host, user and database there; no data has been sent yet that it could quote.
            logger.warning("no connection to the database", ["reason": .string(error.message)])
        }
        var random = SystemRandomNumberGenerator()
        nextAttempt = loop.now + backoff.next(using: &random)
        if connections.isEmpty {
            noteAbsence()
            for waiter in line.removeAll() { waiter.fail(PostgresPool.away) }
        } else {
            serveLine()
        }
        connectIfNeeded()
    }

    func remove(_ connection: PostgresConnection, unsent: [StatementRequest]) {
        let wasLeased = connection.isLeased
        connections.removeAll { $0 === connection }
        if connections.isEmpty, connection.wasLost { noteAbsence() }
        connectIfNeeded()
        for request in unsent {
            // What belongs to a transaction can not go elsewhere.
            if wasLeased { request.finish(.failure(PostgresPool.away)) } else { dispatch(request) }
        }
        serveLine()
    }

    func noteAbsence() {
        if isAway { return }
        isAway = true
        awaySince = loop.now
    }

    /// Closes connections beyond the minimum that have not been used for a while.
    func shrink() {
        shrinkTimer.move(to: loop.now + settings.idleTime / 2)
        let idle = connections.filter { !$0.isLeased && $0.depth == 0 && $0.lastUse + settings.idleTime <= loop.now }
        for connection in idle.suffix(max(0, connections.count - settings.minimumConnections)) { connection.close() }
    }

    public func close() async {
        loop.assertCurrent()
        if isClosed { return }
        isClosed = true
        for timer in [lineTimer, attemptTimer, shrinkTimer] { timer.cancel() }
        for waiter in line.removeAll() { waiter.fail(PostgresPool.closed) }
        for connection in connections { connection.close() }
        guard let attempt else { return }
        let waiter = Pending<Void>()
        closeWaiter = waiter
        attempt.abandon()
        try? await waiter.value()
    }
}
