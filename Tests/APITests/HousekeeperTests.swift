import Database
import Linux
import Networking
import Operations
import Postgres
import TestKit
import Testing

@testable import API

@Suite struct HousekeeperTests {
    @Test(arguments: TestDatabase.allCases)
    func `what has expired is removed, and nothing else`(_ kind: TestDatabase) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            let user = try await bench.signUp("ann-lee")
            let tokens = [try await bench.session(of: user), try await bench.session(of: user)]
            let revocations = RevocationRepository(executor: bench.database)
            // More than one portion.
            try await revocations.add(
                (0..<Housekeeper.portion + 10).map { number in
                    Revocation(
                        subject: .session(UUID(high: 7, low: UInt64(number))),
                        validAfter: AccountBench.now,
                        expiresAt: AccountBench.now + .seconds(number < 5 ? 4_000 : 10)
                    )
                }
            )
            for (seconds, sessions, revoked) in [
                (60, 2, Housekeeper.portion + 10), (600, 2, 5), (3_700, 0, 5), (5_000, 0, 0),
            ] {
                let time = AccountBench.now + .seconds(seconds)
                let keeper = Housekeeper(
                    database: bench.database,
                    on: bench.loop,
                    logger: Logger(sink: CollectingLogSink()),
                    wallTime: { time }
                )
                await keeper.clean()
                var found = 0
                for token in tokens {
                    let session = try await SessionRepository(executor: bench.database).session(token.session)
                    if session != nil { found += 1 }
                }
                #expect(found == sessions, "\(seconds)")
                let left = try await revocations.made(since: AccountBench.now, limit: 1_000)
                #expect(left.count == revoked, "\(seconds)")
            }
        }
    }

    @Test func `counts reach the database, and wait while it is away`() async throws {
        try await AccountBench.with(.sqlite) { (bench) async throws in
            let repository = StatisticsRepository(executor: bench.database)
            let day = WallTime(seconds: 86_400 * 20_000)
            for _ in 0..<3 { bench.statistics.count(.login, at: day) }
            bench.statistics.count(.failedLogin, at: day + .seconds(86_399))
            bench.statistics.count(.login, at: day + .seconds(86_400))
            await bench.statistics.flush()
            bench.statistics.count(.login, at: day)
            await bench.statistics.flush()
            #expect(
                try await repository.counts(since: 20_000) == [
                    .init(day: 20_000, event: "login", count: 4), .init(day: 20_000, event: "login.failed", count: 1),
                    .init(day: 20_001, event: "login", count: 1),
                ]
            )
            #expect(try await repository.counts(since: 20_002).isEmpty)
        }
    }

    @Test func `counts whose addition was not answered in time are not added twice`() async throws {
        try await PostgresServer.with { server in
            _ = try await TestDatabase.migrate(server.url())
            try await withLoop { loop in
                var settings = PostgresSettings()
                settings.statementTimeout = .milliseconds(200)
                settings.graceTime = .milliseconds(200)
                let logger = Logger(sink: CollectingLogSink())
                let pool = PostgresPool(
                    try PostgresAddress(url: server.url()),
                    settings: settings,
                    on: loop,
                    logger: logger
                )
                do { try await Self.countThroughSilence(of: server, pool) } catch {
                    await pool.close()
                    throw error
                }
                await pool.close()
            }
        }
    }

    private static func countThroughSilence(of server: PostgresServer, _ pool: PostgresPool) async throws {
        let repository = StatisticsRepository(executor: pool)
        let recorder = StatisticsRecorder(database: pool, on: pool.loop, logger: Logger(sink: CollectingLogSink()))
        _ = try await repository.counts(since: 0)
        recorder.count(.login, at: AccountBench.now)
        try await server.pause()
        await recorder.flush()
        try await server.resume()
        // The server still has what was sent to it.
        var counts: [Int] = []
        try await pool.loop.wait(for: "the addition") {
            counts = ((try? await repository.counts(since: 0)) ?? []).map(\.count)
            return !counts.isEmpty
        }
        #expect(counts == [1])
        await recorder.flush()
        #expect(try await repository.counts(since: 0).map(\.count) == [1])
    }
}
