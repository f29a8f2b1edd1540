import Database
import Ephemeral
import Linux
import Migrations
import Networking
import Operations
import Postgres
import Redis
import TestKit

@testable import API

/// A database with the schema, and a store that may vanish, for any number of instances on one loop.
final class RevocationBench {
    enum CopyKind: CaseIterable, Sendable {
        case redis
        case memory
    }

    let database: CountingDatabase
    let loop: EventLoop
    let redis: RedisServer?
    private let memory = MemoryStore()
    let log = CollectingLogSink()
    private var opened: [(store: RevocationStore, copy: any EphemeralStore)] = []

    static let now = WallTime(seconds: 1_768_473_000)

    private init(_ database: any Database, _ loop: EventLoop, _ redis: RedisServer?) {
        self.database = CountingDatabase(database)
        self.loop = loop
        self.redis = redis
    }

    static func with(
        _ kind: TestDatabase,
        _ copy: CopyKind,
        isPersistent: Bool = false,
        _ body: @escaping @Sendable (RevocationBench) async throws -> Void
    ) async throws {
        let server = copy == .redis ? try RedisServer(isPersistent: isPersistent) : nil
        defer { server?.end() }
        try await server?.start()
        let folder = try kind.migrations()
        try await kind.with { database, open in
            _ = try await Migrator(database, folder).apply()
            let bench = RevocationBench(database, try open().loop, server)
            try await bench.run { try await body(bench) }
        }
    }

    /// With a Redis, and pools of one connection each to one Postgres.
    static func withPools(
        _ body: @escaping @Sendable (RevocationBench, _ makePool: () throws -> PostgresPool) async throws -> Void
    ) async throws {
        try await withRedisServer { redis in
            try await PostgresServer.shared().withDatabase { url in
                _ = try await TestDatabase.migrate(url)
                try await withLoop { loop in
                    var pools: [PostgresPool] = []
                    let makePool = { () throws -> PostgresPool in
                        var settings = PostgresSettings()
                        settings.maximumConnections = 1
                        settings.leaseTimeout = .milliseconds(200)
                        let logger = Logger(sink: CollectingLogSink())
                        pools.append(
                            PostgresPool(try PostgresAddress(url: url), settings: settings, on: loop, logger: logger)
                        )
                        return pools[pools.count - 1]
                    }
                    let bench = RevocationBench(try makePool(), loop, redis)
                    let outcome: Result<Void, any Error>
                    do { outcome = .success(try await bench.run { try await body(bench, makePool) }) } catch {
                        outcome = .failure(error)
                    }
                    for pool in pools { await pool.close() }
                    try outcome.get()
                }
            }
        }
    }

    private func run(_ body: () async throws -> Void) async throws {
        do { try await body() } catch {
            await close()
            throw error
        }
        await close()
    }

    /// What one more process would have.
    func instance(
        database own: (any Database)? = nil,
        watch: (any Database)? = nil,
        timing: RevocationStore.Timing = .quick
    ) async throws -> RevocationStore {
        begin(try makeCopy(), own, watch, timing)
    }

    /// One whose way to Redis is cut.
    func lonelyInstance(database own: (any Database)? = nil) throws -> RevocationStore {
        let settings = RedisSettings(address: try RedisAddress("unix:/nonexistent/redis.sock"))
        return begin(RedisStore(RedisConnection.open(settings, on: loop)), own, nil, .quick)
    }

    private func begin(
        _ copy: any EphemeralStore,
        _ own: (any Database)?,
        _ watch: (any Database)?,
        _ timing: RevocationStore.Timing
    ) -> RevocationStore {
        let store = RevocationStore(
            database: own ?? database,
            watch: watch,
            copy: copy,
            on: loop,
            logger: Logger(minimumLevel: .debug, sink: log),
            timing: timing
        )
        opened.append((store, copy))
        store.start()
        return store
    }

    func makeCopy() throws -> any EphemeralStore {
        guard let redis else { return memory }
        return RedisStore(RedisConnection.open(RedisSettings(address: try RedisAddress(redis.socketAddress)), on: loop))
    }

    /// As a service does it: into the database first.
    func revoke(_ revocations: [Revocation], by store: RevocationStore) async throws {
        try await RevocationRepository(executor: database).add(revocations)
        try await store.spread(revocations)
    }

    /// Waits until the instance answers without asking the database.
    func waitUntilFast(_ store: RevocationStore) async throws {
        let token = TokenIdentity.any
        try await loop.wait(for: "a whole copy") {
            let before = database.count
            _ = try await store.isRevoked(token)
            return database.count == before
        }
    }

    /// The same for one whose statements nobody counts.
    func waitUntilTrusted(_ store: RevocationStore) async throws {
        try await loop.wait(for: "a whole copy") {
            guard let copy = store.copy, store.lastLook != nil else { return false }
            return await copy.isComplete
        }
    }

    /// As an operator might, while everybody is at work.
    func emptyRedis() async throws { try await command(RedisCommand("FLUSHALL")) }

    func command(_ command: RedisCommand) async throws {
        guard let redis = try makeCopy() as? RedisStore else { return }
        let reply = try await redis.connection.send(command)
        await redis.close()
        _ = try reply.checked()
    }

    private func close() async {
        for (store, copy) in opened {
            await store.stop()
            await copy.close()
        }
    }
}

extension RevocationStore.Timing {
    /// Quick enough for a test, and slow enough for a busy machine.
    static var quick: Self {
        var timing = Self()
        timing.interval = .milliseconds(50)
        timing.horizon = .milliseconds(1_000)
        return timing
    }
}

extension TokenIdentity {
    /// Of a new session of a new user.
    static var any: TokenIdentity {
        func identifier() -> UUID { UUID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max)) }
        return TokenIdentity(session: identifier(), user: identifier(), issuedAt: .now())
    }

    /// What ends its session.
    var endOfSession: Revocation {
        Revocation(subject: .session(session), validAfter: .now(), expiresAt: .now() + .seconds(900))
    }

    /// What ends every token its user has.
    var endOfAll: Revocation {
        Revocation(subject: .user(user), validAfter: .now() + .milliseconds(1), expiresAt: .now() + .seconds(900))
    }
}

/// A database that counts the statements which ask whether a token was revoked.
final class CountingDatabase: Database {
    private let base: any Database
    private(set) var count = 0

    init(_ base: any Database) { self.base = base }

    var dialect: DatabaseDialect { base.dialect }

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        if statement.text.contains("UNION ALL") { count += 1 }
        return try await base.query(statement)
    }

    func transaction<Value>(_ body: (any QueryExecutor) async throws -> Value) async throws -> Value {
        try await base.transaction(body)
    }

    func ping(timeout: Duration) async throws(DatabaseError) -> Duration { try await base.ping(timeout: timeout) }

    func close() async { await base.close() }
}
