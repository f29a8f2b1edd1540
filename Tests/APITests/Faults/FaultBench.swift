import Database
import HTTPEngine
import Hosting
import Linux
import Networking
import Operations
import Postgres
import Redis
import TestKit
import Testing

@testable import API

/// A small service over the API's stores, as the program opens them on two loops, with clients that keep it at work while
/// a test harms what it stands on.
final class FaultBench: Sendable {
    let clients: EventLoop
    let tally = Lock(FaultTally())
    let log: CollectingLogSink
    private let group: EventLoopGroup
    private let state: State
    private let origin: HTTPOrigin
    private let client: LoopBound<HTTPClient>
    private let isOver = Lock(false)
    private let tasks = Lock<[Task<Void, Never>]>([])
    private let numbers = Lock(UInt64(0))

    private init(
        _ clients: EventLoop,
        _ group: EventLoopGroup,
        _ state: State,
        _ origin: HTTPOrigin,
        _ log: CollectingLogSink
    ) {
        self.clients = clients
        self.group = group
        self.state = state
        self.origin = origin
        self.log = log
        client = LoopBound(HTTPClient(loop: clients), on: clients)
    }

    /// Runs the body with the clients at work. `variables` say where the stores are.
    static func with(
        _ variables: [String: String],
        _ body: @escaping @Sendable (FaultBench) async throws -> Void
    ) async throws {
        let reader = ConfigurationReader(ConfigurationSource(environment: variables))
        let settings = StateSettings(reader)
        try reader.finish()
        let log = CollectingLogSink()
        try await withLoops(2) { group in
            let state = State(settings, on: group, logger: Logger(sink: log))
            try await state.start()
            let address = try #require(SocketAddress("127.0.0.1:0"))
            let server = try await HTTPServer.start(at: [address], on: group) { loop in
                try FaultBench.application(state.stores(on: loop), log)
            }
            let origin = HTTPOrigin(server.addresses[0])
            let outcome = await withClients(of: group, state, origin, log, body)
            await server.stop(within: .seconds(2))
            await state.stop(within: .seconds(2))
            try outcome.get()
        }
    }

    private static func withClients(
        of group: EventLoopGroup,
        _ state: State,
        _ origin: HTTPOrigin,
        _ log: CollectingLogSink,
        _ body: @escaping @Sendable (FaultBench) async throws -> Void
    ) async -> Result<Void, any Error> {
        do {
            try await withLoop { loop in
                let bench = FaultBench(loop, group, state, origin, log)
                bench.start()
                do { try await body(bench) } catch {
                    await bench.stop()
                    throw error
                }
                await bench.stop()
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Writes rows, revokes sessions, checks whether one was revoked, and holds a connection for a while.
    private static func application(
        _ stores: State.Stores,
        _ log: CollectingLogSink
    ) throws -> any HTTPResponder {
        var router = Router<HTTPExchange>()
        try router.on(.post, "/rows/{id}") { _, exchange in
            let id = try identifier(exchange)
            _ = try await stores.database.query(
                "INSERT INTO audit (id, at, action, is_success) VALUES (\(id), \(WallTime.now()), \("fault"), \(true))"
            )
            return HTTPResponse(status: .created)
        }
        try router.on(.post, "/revoked/{id}") { _, exchange in
            let token = TokenIdentity(session: try identifier(exchange))
            try await RevocationRepository(executor: stores.database).add([token.endOfSession])
            try await stores.revocations.spread([token.endOfSession])
            return HTTPResponse(status: .noContent)
        }
        try router.on(.get, "/revoked/{id}") { _, exchange in
            let token = TokenIdentity(session: try identifier(exchange))
            return HTTPResponse(status: try await stores.revocations.isRevoked(token) ? .unauthorized : .noContent)
        }
        try router.on(.post, "/held") { _, _ in
            try await stores.database.transaction { _ = try await $0.query("SELECT pg_sleep(3)") }
            return HTTPResponse(status: .noContent)
        }
        return Application(
            router,
            middleware: [],
            errors: APIErrorResponder(),
            settings: .init(trustedProxies: TrustedProxies(), logger: Logger(sink: log)),
            makeContext: { $0 }
        )
    }

    private static func identifier(_ exchange: HTTPExchange) throws -> UUID {
        guard let id = exchange.parameters["id"].flatMap({ UUID($0) }) else { throw HTTPError(.notFound, "no such id") }
        return id
    }
}

// MARK: - The load

extension FaultBench {
    private func start() {
        for _ in 0..<6 { run { await $0.write() } }
        for _ in 0..<3 { run { await $0.revoke() } }
        for _ in 0..<6 { run { await $0.check() } }
    }

    private func run(_ step: @escaping @Sendable (FaultBench) async -> Void) {
        let task = clients.spawn { [self] in
            while !isOver.withLock({ $0 }) {
                await step(self)
                await clients.sleep(for: .milliseconds(1))
            }
        }
        tasks.withLock { $0.append(task) }
    }

    private func stop() async {
        isOver.withLock { $0 = true }
        for task in tasks.withLock({ $0 }) { await task.value }
        client.value.close()
    }

    private func write() async {
        let id = nextIdentifier()
        switch await send(.post, "/rows/\(id)") {
        case 201: tally.withLock { _ = $0.written.insert(id) }
        case let status?: note(status)
        case nil: break
        }
    }

    private func revoke() async {
        let id = nextIdentifier()
        switch await send(.post, "/revoked/\(id)") {
        case 204: tally.withLock { $0.revoked.append(id) }
        case let status?: note(status)
        case nil: break
        }
    }

    /// Of what was acknowledged before the question was asked.
    private func check() async {
        guard let id = tally.withLock({ $0.revoked.randomElement() }) else { return }
        switch await send(.get, "/revoked/\(id)") {
        case 401: tally.withLock { $0.refused += 1 }
        case 204: tally.withLock { $0.honoured.append(id) }
        case let status?: note(status)
        case nil: break
        }
    }

    private func nextIdentifier() -> UUID {
        numbers.withLock { number in
            number += 1
            return UUID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
        }
    }

    private func note(_ status: Int) { tally.withLock { _ = $0.unexpected.insert("status \(status)") } }

    /// The status; nil for a 503 as it should be.
    private func send(_ method: HTTPMethod, _ target: String) async -> Int? {
        do {
            let request = HTTPRequest(method: method, target: target)
            let answer = try await TestResponse(try await client.value.send(request, to: origin))
            guard answer.status == .serviceUnavailable else { return answer.status.code }
            let isProper =
                answer.fields[.retryAfter] == "1"
                && answer.text.hasPrefix(#"{"error":{"code":"SERVICE_UNAVAILABLE","message":""#)
            tally.withLock { tally in
                tally.unavailable += 1
                if !isProper { tally.unexpected.insert(answer.text) }
            }
            return nil
        } catch {
            tally.withLock { _ = $0.unexpected.insert("\(error)") }
            return nil
        }
    }
}

// MARK: - What a test asks

extension FaultBench {
    /// Waits until each kind of request has succeeded that many times from now on; revocations are slower, but never none.
    func waitForWork(_ count: Int = 20) async throws {
        let before = tally.withLock { $0 }
        try await clients.wait(for: "requests that succeed") {
            tally.withLock { now in
                now.written.count >= before.written.count + count
                    && now.revoked.count >= before.revoked.count + max(1, count / 4)
                    && now.refused >= before.refused + count
            }
        }
    }

    /// For a store that has come back just now: after two seconds all requests succeed.
    func waitForRecovery() async throws {
        let end = MonotonicTime.now() + .seconds(2)
        try await waitForWork(1)
        #expect(MonotonicTime.now() < end)
        await clients.sleep(for: end - MonotonicTime.now())
        let before = tally.withLock { $0.unavailable }
        try await waitForWork()
        #expect(tally.withLock { $0.unavailable } == before)
    }

    /// Takes connections for a while, on all loops.
    func holdConnections(_ count: Int) async {
        let held = (0..<count).map { _ in clients.spawn { [self] in _ = await send(.post, "/held") } }
        for task in held { await task.value }
    }

    /// Nothing that was acknowledged is missing, no revoked token was honoured, and every error was a 503.
    func expectPromisesKept(_ database: any Database, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        await stop()
        let end = tally.withLock { $0 }
        #expect(end.unexpected.isEmpty, sourceLocation: sourceLocation)
        #expect(end.honoured.isEmpty, sourceLocation: sourceLocation)
        let written = try await FaultBench.identifiers("SELECT id FROM audit", database)
        #expect(end.written.isSubset(of: written), sourceLocation: sourceLocation)
        let revoked = try await FaultBench.identifiers("SELECT subject FROM revocations", database)
        #expect(Set(end.revoked).isSubset(of: revoked), sourceLocation: sourceLocation)
    }

    /// Everything that was borrowed is given back, and the servers know of no connection that nobody has. After the load.
    func expectNothingLeft(_ postgres: PostgresServer, _ redis: RedisServer) async throws {
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gatehouse-api'"
        try await clients.wait(for: "all to come to rest") {
            let pools = await occupancies()
            let isAtRest = pools.allSatisfy { $0.leased == 0 && $0.statementsUnderWay == 0 && $0.waiting == 0 }
            let connections = pools.reduce(0) { $0 + $1.connections }
            guard isAtRest else { return false }
            return try await Int(postgres.execute(sessions)) == connections
        }
        let settings = RedisSettings(address: try RedisAddress(redis.socketAddress))
        let connection = RedisConnection.open(settings, on: clients)
        // One for each loop, and who asks.
        let expected = "connected_clients:\(group.loops.count + 1)\r\n"
        try await clients.wait(for: "the end of all other connections to Redis") {
            let answer = try await connection.send(RedisCommand("INFO", ["clients"]))
            guard case .bulk(let text) = answer else { return false }
            return String(decoding: text, as: UTF8.self).contains(expected)
        }
        await connection.close()
    }

    private func occupancies() async -> [PostgresPool.Occupancy] {
        var found: [PostgresPool.Occupancy] = []
        for loop in group.loops {
            found += await loop.spawn { [state] in
                let stores = state.stores(on: loop)
                return [stores.database, stores.watch].compactMap { ($0 as? PostgresPool)?.occupancy }
            }.value
        }
        return found
    }

    private static func identifiers(_ statement: SQL, _ database: any Database) async throws -> Set<UUID> {
        var found: Set<UUID> = []
        for row in try await database.query(statement) {
            var reader = row.reader
            found.insert(try reader.next())
        }
        return found
    }
}

/// What the clients of a bench saw.
struct FaultTally: Sendable {
    /// Acknowledged.
    var written: Set<UUID> = []
    var revoked: [UUID] = []
    /// Checks of revoked ones that were refused, and that were not.
    var refused = 0
    var honoured: [UUID] = []
    /// 503, with the envelope and the field.
    var unavailable = 0
    var unexpected: Set<String> = []
}

extension TokenIdentity {
    /// Of a session; its user does not matter.
    fileprivate init(session: UUID) {
        self.init(session: session, user: UUID(high: 0, low: 0), issuedAt: .now())
    }
}
