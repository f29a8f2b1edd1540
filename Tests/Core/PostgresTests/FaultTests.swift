import Database
import Linux
import Networking
import Operations
import Postgres
import TestKit
import Testing

@Suite(.serialized) struct FaultTests {
    /// Writers that count what was acknowledged, what was refused, and what is uncertain.
    private struct Tally: Sendable {
        var acknowledged: Set<Int> = []
        var refused: Set<Int> = []
        var uncertain: Set<Int> = []
        var codes: Set<String> = []
    }

    private static func write(
        _ numbers: Lock<Int>,
        to pool: PostgresPool,
        into tally: Lock<Tally>,
        until isOver: Lock<Bool>
    ) async {
        while !isOver.withLock({ $0 }) {
            let number = numbers.withLock { count in
                count += 1
                return count
            }
            do throws(DatabaseError) {
                _ = try await pool.query("INSERT INTO items VALUES (\(number))")
                tally.withLock { _ = $0.acknowledged.insert(number) }
            } catch {
                tally.withLock { tally in
                    tally.codes.insert("\(error.code)")
                    if error.code == .connectionLost {
                        tally.uncertain.insert(number)
                    } else {
                        tally.refused.insert(number)
                    }
                }
                await pool.loop.sleep(for: .milliseconds(5))
            }
        }
    }

    @Test func `a kill under load loses no acknowledged write, and all comes back within two seconds`() async throws {
        try await withBenchOfItsOwn(isDurable: true) { bench in
            try await bench.withPool { pool in
                _ = try await pool.query("CREATE TABLE items (id BIGINT PRIMARY KEY)")
                let confined = LoopBound(pool, on: bench.loop)
                let (numbers, tally, isOver) = (Lock(0), Lock(Tally()), Lock(false))
                let writers = (0..<20).map { _ in
                    bench.loop.spawn { await Self.write(numbers, to: confined.value, into: tally, until: isOver) }
                }
                #expect(await pool.eventually { tally.withLock { $0.acknowledged.count } > 300 })
                try await bench.server.kill()
                #expect(await pool.eventually { pool.occupancy.connections == 0 })
                #expect(await pool.failure(of: "SELECT 1")?.isUnavailability == true)
                try await bench.server.start()
                let back = MonotonicTime.now()
                #expect(await pool.eventually { await pool.failure(of: "SELECT 1") == nil })
                #expect(MonotonicTime.now() - back < .seconds(2))
                let before = tally.withLock { $0.acknowledged.count }
                #expect(await pool.eventually { tally.withLock { $0.acknowledged.count } > before })
                isOver.withLock { $0 = true }
                for writer in writers { await writer.value }

                let result = try await pool.query("SELECT id FROM items")
                var stored: Set<Int> = []
                for row in result {
                    var reader = row.reader
                    stored.insert(try reader.next())
                }
                let end = tally.withLock { $0 }
                #expect(end.acknowledged.isSubset(of: stored))
                #expect(end.refused.isDisjoint(with: stored))
                #expect(stored.subtracting(end.acknowledged).isSubset(of: end.uncertain))
                #expect(end.codes.isSubset(of: ["connectionLost", "unavailable"]))
                #expect(bench.log.contains("the database is back"))
                #expect(pool.occupancy.connections <= 4)
                let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gatehouse'"
                #expect(try await Int(bench.server.execute(sessions)) ?? 99 <= 4)
            }
        }
    }

    @Test func `after a restart statements are prepared again`() async throws {
        try await withBenchOfItsOwn { bench in
            try await bench.withPool { pool in
                #expect(try await pool.value("SELECT \(1) + 1", as: Int.self) == 2)
                try await bench.server.restart()
                let back = MonotonicTime.now()
                #expect(await pool.eventually { await pool.failure(of: "SELECT 1") == nil })
                #expect(MonotonicTime.now() - back < .seconds(2))
                #expect(try await pool.value("SELECT \(1) + 1", as: Int.self) == 2)
                #expect(try await pool.transaction { try await $0.query("SELECT \(1) + 1").count } == 1)
            }
        }
    }

    @Test func `a server that stands still fails its statements in time, and serves again when it goes on`()
        async throws
    {
        try await withBenchOfItsOwn { bench in
            try await bench.withPool(
                nil,
                { settings in
                    settings.maximumConnections = 1
                    settings.statementTimeout = .milliseconds(200)
                    settings.graceTime = .milliseconds(200)
                    settings.connectTimeout = .milliseconds(500)
                }
            ) { pool in
                _ = try await pool.query("CREATE TABLE items (id BIGINT)")
                let confined = LoopBound(pool, on: bench.loop)
                try await bench.server.pause()
                let start = MonotonicTime.now()
                let first = bench.loop.spawn { await confined.value.failure(of: "INSERT INTO items VALUES (\(1))") }
                let others = (0..<5).map { _ in bench.loop.spawn { await confined.value.failure(of: "SELECT \(1)") } }
                // Whether it was carried out nobody knows.
                #expect(await first.value?.code == .connectionLost)
                for other in others { #expect(await other.value?.code == .connectionLost) }
                #expect(MonotonicTime.now() - start < .seconds(1))
                for _ in 0..<3 {
                    let next = MonotonicTime.now()
                    #expect(await pool.failure(of: "SELECT 1")?.code == .unavailable)
                    #expect(MonotonicTime.now() - next < .milliseconds(600))
                }
                await #expect(throws: DatabaseError.self) { try await pool.transaction { _ in } }
                try await bench.server.resume()
                let back = MonotonicTime.now()
                #expect(await pool.eventually { await pool.failure(of: "SELECT 1") == nil })
                #expect(MonotonicTime.now() - back < .seconds(2))
            }
        }
    }

    @Test func `a connection that the server cuts is replaced, whatever it was doing`() async throws {
        try await withBenchOfItsOwn { bench in
            try await bench.withPool(nil, { $0.maximumConnections = 2 }) { pool in
                _ = try await pool.query("CREATE TABLE items (id BIGINT)")
                let confined = LoopBound(pool, on: bench.loop)
                let cut =
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'gatehouse'"
                // At rest.
                try await bench.server.execute(cut)
                #expect(await pool.eventually { await pool.failure(of: "SELECT 1") == nil })
                // With a statement under way: the server says that it was not carried out.
                let slow = bench.loop.spawn {
                    await confined.value.failure(of: "INSERT INTO items SELECT 1 FROM pg_sleep(3)")
                }
                #expect(await pool.eventually { pool.occupancy.statementsUnderWay == 1 })
                let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                let isWaiting = try await pool.eventually { try await bench.server.execute(waits) == "1" }
                #expect(isWaiting)
                try await bench.server.execute(cut)
                let error = await slow.value
                #expect(error?.code == .unavailable)
                #expect(error?.sqlState == "57P01")
                // In a transaction.
                let lost = await #expect(throws: DatabaseError.self) {
                    try await pool.transaction { transaction in
                        _ = try await transaction.query("INSERT INTO items VALUES (\(2))")
                        try await bench.server.execute(cut)
                        _ = try await transaction.query("INSERT INTO items VALUES (\(3))")
                    }
                }
                #expect(lost?.isUnavailability == true)
                #expect(await pool.eventually { await pool.failure(of: "SELECT 1") == nil })
                #expect(try await pool.value("SELECT count(*) FROM items", as: Int.self) == 0)
                #expect(pool.occupancy.leased == 0)
            }
        }
    }

    @Test func `a server with no room for more connections leaves those there are at work`() async throws {
        try await withBenchOfItsOwn(configuration: ["max_connections = 5", "superuser_reserved_connections = 0"]) {
            bench in
            try await bench.withPool(
                nil,
                { settings in
                    settings.maximumConnections = 10
                    settings.busyDepth = 1
                }
            ) { pool in
                let confined = LoopBound(pool, on: bench.loop)
                for _ in 0..<30 {
                    let tasks = (0..<20).map { _ in
                        bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(0.002)") }
                    }
                    for task in tasks { #expect(await task.value == nil) }
                    let transactions = (0..<10).map { _ in
                        Task(executorPreference: bench.loop) { try await confined.value.transaction { _ in 1 } }
                    }
                    for transaction in transactions { _ = try await transaction.value }
                }
                #expect((1...5).contains(pool.occupancy.connections))
                #expect(pool.occupancy.leased == 0)
            }
        }
    }

    /// In a process of its own, where nobody else opens and closes descriptors.
    @Test func `no descriptor and no session is left behind, whatever ended them`() async {
        await #expect(processExitsWith: .success) {
            try await withBenchOfItsOwn { bench in
                let cut =
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'gatehouse'"
                let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gatehouse'"
                let strangers = bench.url.replacing("correct", with: "wrong")
                var counts: [Int] = []
                for round in 0..<12 {
                    // Cut at rest, closed with a statement under way, closed while it connects, never let in.
                    let task = try await bench.withPool(round % 4 == 3 ? strangers : nil) { pool in
                        let confined = LoopBound(pool, on: bench.loop)
                        if round % 4 < 2 { _ = try await pool.query("SELECT 1") }
                        if round % 4 == 0 {
                            try await bench.server.execute(cut)
                            #expect(await pool.eventually { await pool.failure(of: "SELECT 1") == nil })
                        }
                        let task = bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(3)") }
                        await Task.yield()
                        return task
                    }
                    #expect(await task.value?.code == .unavailable)
                    counts.append(try Directory.entries(path: "/proc/self/fd").count)
                }
                // One that has just been closed may be there for a moment still; none stays.
                #expect(counts[4..<8] == counts[8...], "\(counts)")
                try await bench.loop.wait(for: "the end of all sessions") {
                    try await bench.server.execute(sessions) == "0"
                }
            }
        }
    }
}
