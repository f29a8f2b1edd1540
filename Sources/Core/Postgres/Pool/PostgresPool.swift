public import Database
internal import Linux
public import Networking
public import Operations

/// The connections of one loop to a Postgres database.
///
/// Plain statements share connections: many are under way on each, and none waits for another's answer to be sent. A
/// transaction has a connection to itself. Lost connections come back by themselves, one attempt at a time.
///
/// Made, used and closed on its loop. Must be closed.
public final class PostgresPool: Database {
    public let loop: EventLoop

    // For the files of this type; nobody else touches these.
    let address: PostgresAddress
    let settings: PostgresSettings
    let logger: Logger

    var connections: [PostgresConnection] = []
    var line = WaitingLine()
    var attempt: ConnectionAttempt?
    var backoff = ReconnectBackoff()
    var nextAttempt: MonotonicTime
    /// The last connection was lost, or could not be made.
    var isAway = false
    var awaySince: MonotonicTime
    var isClosed = false
    var closeWaiter: Pending<Void>?
    let lineTimer: Timer
    let attemptTimer: Timer
    let shrinkTimer: Timer

    /// Begins to connect; statements may be given at once.
    public init(_ address: PostgresAddress, settings: PostgresSettings, on loop: EventLoop, logger: Logger) {
        loop.assertCurrent()
        precondition(settings.maximumConnections >= max(1, settings.minimumConnections), "a pool without connections")
        self.loop = loop
        self.address = address
        self.settings = settings
        self.logger = logger
        nextAttempt = loop.now
        awaySince = loop.now
        lineTimer = Timer(loop: loop)
        attemptTimer = Timer(loop: loop)
        shrinkTimer = Timer(loop: loop)
        lineTimer.action = { [unowned self] in expireWaiters() }
        attemptTimer.action = { [unowned self] in connectIfNeeded() }
        shrinkTimer.action = { [unowned self] in shrink() }
        shrinkTimer.move(to: loop.now + settings.idleTime / 2)
        connectIfNeeded()
    }

    deinit { precondition(isClosed, "a pool must be closed, not forgotten") }

    public var dialect: DatabaseDialect { .postgres }

    /// What the pool is doing, for metrics and tests.
    public struct Occupancy: Equatable, Sendable {
        public let connections: Int
        public let leased: Int
        public let statementsUnderWay: Int
        public let waiting: Int
    }

    public var occupancy: Occupancy {
        loop.assertCurrent()
        return Occupancy(
            connections: connections.count,
            leased: connections.count { $0.isLeased },
            statementsUnderWay: connections.reduce(0) { $0 + $1.depth },
            waiting: line.count
        )
    }
}

// MARK: - Statements

extension PostgresPool {
    /// A statement under way is not called back when its task is cancelled: it ends by itself, at its timeout at the
    /// latest.
    public func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        loop.assertCurrent()
        if Task.isCancelled { throw DatabaseError(.cancelled) }
        let request = StatementRequest(statement)
        dispatch(request)
        return try await request.value()
    }

    public func ping(timeout: Duration) async throws(DatabaseError) -> Duration {
        loop.assertCurrent()
        let start = MonotonicTime.now()
        let request = StatementRequest("SELECT 1")
        let timer = Timer(loop: loop)
        timer.action = { request.finish(.failure(DatabaseError(.timeout))) }
        timer.move(to: start + timeout)
        defer { timer.cancel() }
        dispatch(request)
        _ = try await request.value()
        return MonotonicTime.now() - start
    }

    /// Sends a statement over a shared connection, or has it wait for one. It must not have been sent before.
    func dispatch(_ request: StatementRequest) {
        if isClosed { return request.finish(.failure(PostgresPool.closed)) }
        request.issue(at: loop.now)
        if line.first() == nil, let connection = sharedConnection() { return connection.send(request) }
        wait(.statement(request))
    }

    /// The connection with the least under way, and rather one that is not held up. Asks for another one when all have
    /// much, or are held up: that one will be there sooner than a slow statement has ended.
    func sharedConnection() -> PostgresConnection? {
        var best: PostgresConnection?
        var bestLoad = Int.max
        for connection in connections where !connection.isLeased {
            let load = connection.load
            if load < bestLoad { (best, bestLoad) = (connection, load) }
        }
        let isGrowing = bestLoad >= settings.busyDepth && grow()
        guard let best, best.depth < settings.maximumDepth, !(best.isSlow && isGrowing) else { return nil }
        return best
    }
}

// MARK: - Transactions

extension PostgresPool {
    public func transaction<Value>(_ body: (any QueryExecutor) async throws -> Value) async throws -> Value {
        loop.assertCurrent()
        let transaction = try await beginTransaction()
        let connection = transaction.connection
        defer { giveBack(connection) }
        let value: Value
        do {
            value = try await body(transaction)
            if Task.isCancelled { throw DatabaseError(.cancelled) }
        } catch {
            await transaction.rollBack()
            throw error
        }
        try await transaction.commit()
        return value
    }

    /// A connection that rested may be broken without anybody having noticed. A BEGIN can be tried again over another
    /// one, whatever became of it.
    func beginTransaction() async throws(DatabaseError) -> PostgresTransaction {
        var triesLeft = settings.maximumConnections
        let start = MonotonicTime.now()
        while true {
            let connection = try await lease()
            let transaction = PostgresTransaction(on: connection)
            do throws(DatabaseError) {
                try await transaction.begin()
                return transaction
            } catch {
                transaction.end()
                giveBack(connection)
                // One that was long in breaking belongs to a server that does not answer on others either.
                let isWorthwhile = MonotonicTime.now() - start < settings.leaseTimeout
                let isBroken = error.code == .connectionLost || error.code == .unavailable
                guard isBroken, isWorthwhile, triesLeft > 0 else { throw error }
                triesLeft -= 1
            }
        }
    }

    func lease() async throws(DatabaseError) -> PostgresConnection {
        if Task.isCancelled { throw DatabaseError(.cancelled) }
        if isClosed { throw PostgresPool.closed }
        if line.first() == nil, let connection = leasableConnection() {
            connection.isLeased = true
            return connection
        }
        let pending = Pending<PostgresConnection>()
        wait(.lease(pending))
        let confined = LoopBound(pending, on: loop)
        await withTaskCancellationHandler {
            await pending.wait()
        } onCancel: { [loop] in
            loop.execute { confined.value.finish(.failure(DatabaseError(.cancelled))) }
        }
        return try await pending.value()
    }

    /// One at rest, rather a new one than one in use; at the maximum one in use, whose statements go before.
    func leasableConnection() -> PostgresConnection? {
        let shared = connections.filter { !$0.isLeased }
        if let idle = shared.first(where: { $0.depth == 0 }) { return idle }
        if grow() { return nil }
        return shared.min { $0.load < $1.load }
    }

    func giveBack(_ connection: PostgresConnection) {
        connection.isLeased = false
        guard connection.isOpen else { return }
        if connection.depth > 0 || connection.transactionState != .none { connection.close() }
        serveLine()
    }
}

// MARK: - The line

extension PostgresPool {
    func wait(_ waiter: WaitingLine.Waiter) {
        connectIfNeeded(isWanted: true)
        if connections.isEmpty, attempt == nil { return waiter.fail(PostgresPool.away) }
        let isShort = isAway && connections.isEmpty
        let patience = isShort ? min(settings.patienceWhileAway, settings.leaseTimeout) : settings.leaseTimeout
        // A fresh reading: that of the loop may be old when its turn is long.
        let deadline = MonotonicTime.now() + patience
        line.append(waiter, deadline: deadline)
        if deadline < lineTimer.due { lineTimer.move(to: deadline) }
    }

    func serveLine() {
        while let waiter = line.first() {
            switch waiter {
            case .statement(let request):
                guard let connection = sharedConnection() else { return }
                line.removeFirst()
                connection.send(request)
            case .lease(let request):
                guard let connection = leasableConnection() else { return }
                line.removeFirst()
                connection.isLeased = true
                request.finish(.success(connection))
            }
        }
    }

    func expireWaiters() {
        let (expired, next) = line.expire(at: loop.now)
        lineTimer.move(to: next)
        let error = connections.isEmpty ? PostgresPool.away : DatabaseError(.poolExhausted)
        for waiter in expired { waiter.fail(error) }
    }

    static let away = DatabaseError(.unavailable, message: "there is no connection to the database")
    static let closed = DatabaseError(.unavailable, message: "the pool was closed")
}
