import Database
import Linux
import Networking
import Operations
import Postgres
import Redis
import SQLite
import TestKit
import Testing

@testable import API

/// What is promised while a store is harmed under load: no acknowledged write is lost, no revoked token is honoured, every
/// error is a 503 that says when to come back, and all is well within two seconds of the store's return.
@Suite(.serialized) struct StateFaultTests {
    enum RedisFault: CaseIterable, Sendable {
        case flush
        case restartEmpty
        case restartWithOldData
        case killedForAWhile
        case stalled
    }

    @Test(arguments: RedisFault.allCases)
    func `whatever happens to Redis, revoked stays revoked, and nobody is turned away`(_ fault: RedisFault) async throws
    {
        try await withRedisServer(isPersistent: fault == .restartWithOldData) { redis in
            try await PostgresServer.shared().withDatabase { url in
                _ = try await TestDatabase.migrate(url)
                let variables = ["DATABASE_URL": url, "REDIS_URL": redis.socketAddress]
                try await FaultBench.with(variables) { bench in
                    try await bench.waitForWork()
                    for _ in 0..<2 {
                        try await StateFaultTests.inflict(fault, on: redis, bench)
                        try await bench.waitForRecovery()
                    }
                    try await expectPromisesKept(bench, url)
                    // The database was there all the time.
                    #expect(bench.tally.withLock { $0.unavailable } == 0)
                }
            }
        }
    }

    private static func inflict(_ fault: RedisFault, on redis: RedisServer, _ bench: FaultBench) async throws {
        switch fault {
        case .flush:
            let settings = RedisSettings(address: try RedisAddress(redis.socketAddress))
            let connection = RedisConnection.open(settings, on: bench.clients)
            for _ in 0..<20 {
                _ = try await connection.send(RedisCommand("FLUSHALL"))
                await bench.clients.sleep(for: .milliseconds(10))
            }
            await connection.close()
        case .restartEmpty, .restartWithOldData: try await redis.restart()
        case .killedForAWhile:
            redis.kill()
            try await bench.waitForWork()
            try await redis.start()
        case .stalled:
            redis.pause()
            try await bench.waitForWork()
            redis.resume()
        }
    }

    @Test func `a Postgres that is killed and comes back has lost nothing it had acknowledged`() async throws {
        try await withStack(isDurable: true) { postgres, _, bench in
            for _ in 0..<2 {
                try await postgres.kill()
                try await bench.waitForTrouble()
                try await postgres.start()
                try await bench.waitForRecovery()
            }
        }
    }

    @Test func `a Postgres that stands still for longer than its timeout is waited out`() async throws {
        try await withStack { postgres, _, bench in
            try await postgres.pause()
            let start = MonotonicTime.now()
            try await bench.waitForTrouble()
            let limit = PostgresSettings()
            let patience = (limit.statementTimeout ?? .zero) + limit.graceTime
            let rest = patience - (MonotonicTime.now() - start)
            if rest > .zero { await bench.clients.sleep(for: rest) }
            try await postgres.resume()
            try await bench.waitForRecovery()
        }
    }

    @Test func `when neither store can tell others, nobody is told that a token is refused`() async throws {
        try await withStack(isDurable: true) { postgres, redis, bench in
            redis.pause()
            try await postgres.kill()
            try await bench.waitForTrouble()
            // With all that it had, which is not all that was committed.
            redis.resume()
            try await bench.waitForRefusals()
            try await postgres.start()
            try await bench.waitForRecovery()
        }
    }

    @Test func `while every connection is taken others are told to come back`() async throws {
        try await withStack(more: ["DATABASE_POOL_SIZE": "1"]) { _, _, bench in
            await bench.holdConnections(6)
            #expect(bench.tally.withLock { $0.unavailable } > 0)
            try await bench.waitForRecovery()
        }
    }

    @Test func `while a table is locked whoever needs it is told to come back`() async throws {
        try await withStack { postgres, _, bench in
            try await postgres.execute("BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT")
            #expect(bench.tally.withLock { $0.unavailable } > 0)
            try await bench.waitForRecovery()
        }
    }

    /// In a process of its own, where nobody else opens and closes descriptors.
    @Test func `no descriptor is left behind, whatever happened to the stores`() async {
        await #expect(processExitsWith: .success) {
            let tests = StateFaultTests()
            var counts: [Int] = []
            for _ in 0..<3 {
                try await tests.withStack { postgres, redis, bench in
                    try await redis.restart()
                    try await postgres.kill()
                    try await bench.waitForTrouble()
                    try await postgres.start()
                    try await bench.waitForRecovery()
                    redis.pause()
                    try await bench.waitForWork()
                    redis.resume()
                    try await bench.waitForRecovery()
                }
                counts.append(try Directory.entries(path: "/proc/self/fd").count)
            }
            // The first one also opens what stays open for all.
            #expect(counts[2] <= counts[1], "\(counts)")
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a small file system"))
    func `a full disk takes nothing back, and needs nothing but room`() async throws {
        let folder = try TestDirectory()
        // With room for what the clients write meanwhile.
        let disk = try SmallDisk(at: folder.path, megabytes: 64)
        defer { disk.remove() }
        let ballast = folder.path("ballast")
        let url = "sqlite:" + folder.path("test.db")
        try await FaultBench.with(["DATABASE_URL": url]) { bench in
            try await bench.waitForWork()
            try await bench.fillDisk(with: ballast)
            try File.remove(path: ballast)
            try await bench.waitForRecovery()
            let store = try SQLiteStore(try #require(SQLiteLocation(url: url)))
            try await bench.expectPromisesKept(store.database(on: bench.clients))
            await store.close()
        }
        withExtendedLifetime(folder) {}
    }

    /// Both servers are the test's own.
    private func withStack(
        isDurable: Bool = false,
        more: [String: String] = [:],
        _ body: @escaping @Sendable (PostgresServer, RedisServer, FaultBench) async throws -> Void
    ) async throws {
        try await withRedisServer { redis in
            try await PostgresServer.with(isDurable: isDurable) { postgres in
                _ = try await TestDatabase.migrate(postgres.url())
                var variables = ["DATABASE_URL": postgres.url(), "REDIS_URL": redis.socketAddress]
                variables.merge(more) { $1 }
                try await FaultBench.with(variables) { bench in
                    try await bench.waitForWork()
                    try await body(postgres, redis, bench)
                    try await expectPromisesKept(bench, postgres.url())
                    try await bench.expectNothingLeft(postgres, redis)
                }
            }
        }
    }
}

/// Asks the database that the clients have filled, on their loop.
private func expectPromisesKept(_ bench: FaultBench, _ url: String) async throws {
    let pool = PostgresPool(
        try PostgresAddress(url: url),
        settings: PostgresSettings(),
        on: bench.clients,
        logger: Logger(sink: CollectingLogSink())
    )
    do { try await bench.expectPromisesKept(pool) } catch {
        await pool.close()
        throw error
    }
    await pool.close()
}

extension FaultBench {
    /// Writes a file as long as it goes, and until clients are turned away.
    fileprivate func fillDisk(with path: String) async throws {
        let file = try File(creating: path)
        let block = [UInt8](repeating: 1, count: 4_096)
        try await clients.wait(for: "a full disk") {
            // The database gives way now and then.
            while (try? file.descriptor.writeAll(block.span)) != nil {}
            return tally.withLock { $0.unavailable } > 20
        }
    }

    /// Waits until tokens are refused again, by whoever can tell.
    fileprivate func waitForRefusals() async throws {
        let before = tally.withLock { $0.refused }
        try await clients.wait(for: "tokens that are refused") { tally.withLock { $0.refused } > before + 50 }
    }

    /// Waits until clients are turned away.
    fileprivate func waitForTrouble() async throws {
        let before = tally.withLock { $0.unavailable }
        try await clients.wait(for: "503") { tally.withLock { $0.unavailable } > before + 10 }
    }
}
