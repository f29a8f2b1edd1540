import Database
import Linux
import Networking
import Postgres
import TestKit
import Testing

@Suite struct PoolTests {
    @Test func `a pool grows under load up to its maximum, and shrinks afterwards`() async throws {
        try await withPool({ settings in
            settings.maximumConnections = 3
            settings.busyDepth = 2
            settings.idleTime = .milliseconds(200)
        }) { pool, bench in
            _ = try await pool.query("SELECT 1")
            #expect(pool.occupancy.connections == 1)
            let confined = LoopBound(pool, on: bench.loop)
            let tasks = (0..<40).map { _ in
                bench.loop.spawn {
                    for _ in 0..<10 { #expect(await confined.value.failure(of: "SELECT pg_sleep(0.005)") == nil) }
                }
            }
            #expect(await pool.eventually { pool.occupancy.connections == 3 })
            for task in tasks { await task.value }
            #expect(await pool.eventually { pool.occupancy.connections == 1 })
            let count: SQL = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            let areGone = try await pool.eventually { try await pool.value(count, as: Int.self) == 1 }
            #expect(areGone)
        }
    }

    @Test func `who waits too long for a connection is told so`() async throws {
        try await withPool({ settings in
            settings.maximumConnections = 1
            settings.leaseTimeout = .milliseconds(150)
        }) { pool, _ in
            #expect(await pool.eventually { pool.occupancy.connections == 1 })
            try await pool.transaction { _ in
                let start = MonotonicTime.now()
                #expect(await pool.failure(of: "SELECT 1")?.code == .poolExhausted)
                await #expect(throws: DatabaseError(.poolExhausted)) { try await pool.transaction { _ in } }
                #expect(MonotonicTime.now() - start > .milliseconds(290))
            }
            #expect(await pool.failure(of: "SELECT 1") == nil)
        }
    }

    @Test func `those in line are served when a connection comes back`() async throws {
        try await withPool({ $0.maximumConnections = 2 }) { pool, bench in
            let confined = LoopBound(pool, on: bench.loop)
            let (hasBegun, mayEnd) = (Pulse(), Pulse())
            let holders = (0..<2).map { _ in
                Task(executorPreference: bench.loop) {
                    try await confined.value.transaction { _ in
                        hasBegun.send()
                        try await mayEnd.wait(on: bench.loop)
                    }
                }
            }
            for _ in 0..<2 { try await hasBegun.wait(on: bench.loop) }
            #expect(pool.occupancy.leased == 2)
            let statement = bench.loop.spawn { await confined.value.failure(of: "SELECT 1") }
            let lease = Task(executorPreference: bench.loop) { try await confined.value.transaction { _ in 7 } }
            #expect(await pool.eventually { pool.occupancy.waiting == 2 })
            for _ in 0..<2 { mayEnd.send() }
            #expect(await statement.value == nil)
            #expect(try await lease.value == 7)
            for holder in holders { try await holder.value }
            #expect(pool.occupancy.waiting == 0)
        }
    }

    @Test func `a task that is cancelled in line leaves it`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { pool, bench in
            let confined = LoopBound(pool, on: bench.loop)
            try await pool.transaction { _ in
                let waiter = Task(executorPreference: bench.loop) { try await confined.value.transaction { _ in } }
                #expect(await pool.eventually { pool.occupancy.waiting == 1 })
                waiter.cancel()
                await #expect(throws: DatabaseError(.cancelled)) { try await waiter.value }
            }
            #expect(try await pool.transaction { _ in 1 } == 1)
            #expect(pool.occupancy.leased == 0)
        }
    }

    @Test func `a statement that takes too long is ended by the server, and the connection lives`() async throws {
        try await withPool({ settings in
            settings.maximumConnections = 1
            settings.statementTimeout = .milliseconds(100)
        }) { pool, bench in
            let before = try await pool.value("SELECT pg_backend_pid()", as: Int.self)
            let confined = LoopBound(pool, on: bench.loop)
            let slow = bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(10)") }
            let next = bench.loop.spawn { await confined.value.failure(of: "SELECT 1") }
            #expect(await slow.value?.code == .timeout)
            #expect(await slow.value?.sqlState == "57014")
            #expect(await next.value == nil)
            #expect(try await pool.value("SELECT pg_backend_pid()", as: Int.self) == before)
        }
    }

    @Test func `nobody waits behind a statement that takes long when there can be another connection`() async throws {
        try await withPool({ $0.maximumConnections = 2 }) { pool, bench in
            _ = try await pool.query("SELECT 1")
            #expect(pool.occupancy.connections == 1)
            let confined = LoopBound(pool, on: bench.loop)
            let slow = bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(2)") }
            #expect(await pool.eventually { pool.occupancy.statementsUnderWay == 1 })
            await bench.loop.sleep(for: .milliseconds(20))
            for _ in 0..<10 {
                _ = try await pool.query("SELECT 1")
                #expect(pool.occupancy.statementsUnderWay == 1, "the slow one is under way still")
            }
            #expect(pool.occupancy.connections == 2)
            // And with no room for a third one both serve, each in its turn.
            let another = bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(0.2)") }
            #expect(await pool.eventually { pool.occupancy.statementsUnderWay == 2 })
            await bench.loop.sleep(for: .milliseconds(20))
            _ = try await pool.query("SELECT 1")
            for task in [slow, another] { #expect(await task.value == nil) }
            #expect(pool.occupancy.waiting == 0)
        }
    }

    @Test func `however many slow ones are before it, a statement waits no longer than its time`() async throws {
        try await withPool({ settings in
            settings.maximumConnections = 1
            settings.statementTimeout = .milliseconds(800)
            settings.graceTime = .milliseconds(200)
        }) { pool, bench in
            _ = try await pool.query("CREATE TABLE items (id BIGINT)")
            let confined = LoopBound(pool, on: bench.loop)
            let backend = try await pool.value("SELECT pg_backend_pid()", as: Int.self)
            let start = MonotonicTime.now()
            let slow = (0..<4).map { _ in
                bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(0.4)") }
            }
            let last = bench.loop.spawn { await confined.value.failure(of: "INSERT INTO items VALUES (1)") }
            #expect(await last.value?.code == .connectionLost)
            #expect(MonotonicTime.now() - start < .milliseconds(1_500))
            #expect(await slow[0].value == nil)
            #expect(await slow[3].value?.code == .connectionLost)
            // The server was never late: the connection lives, and what was sent is carried out.
            #expect(await pool.eventually { pool.occupancy.statementsUnderWay == 0 })
            #expect(try await pool.value("SELECT pg_backend_pid()", as: Int.self) == backend)
            #expect(try await pool.value("SELECT count(*) FROM items", as: Int.self) == 1)
        }
    }

    @Test func `a lock that can not be had in time is a conflict`() async throws {
        try await withPool({ $0.lockTimeout = .milliseconds(50) }) { pool, _ in
            _ = try await pool.query("CREATE TABLE items (id BIGINT)")
            try await pool.transaction { transaction in
                _ = try await transaction.query("LOCK TABLE items")
                #expect(await pool.failure(of: "SELECT * FROM items")?.code == .conflict)
            }
        }
    }

    @Test func `a ping tells how long it took, and does not wait longer than asked`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { pool, bench in
            let duration = try await pool.ping(timeout: .seconds(10))
            #expect(duration > .zero && duration < .seconds(10))
            let confined = LoopBound(pool, on: bench.loop)
            let slow = bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(0.3)") }
            #expect(await pool.eventually { pool.occupancy.statementsUnderWay == 1 })
            await #expect(throws: DatabaseError(.timeout)) { try await pool.ping(timeout: .milliseconds(20)) }
            #expect(await slow.value == nil)
            #expect(try await pool.value("SELECT \(5)", as: Int.self) == 5)
        }
    }

    @Test func `closing fails what is under way and what waits, and ends its sessions`() async throws {
        try await withBench { bench in
            for round in 0..<10 {
                let tasks = try await bench.withPool(nil, { $0.maximumConnections = 1 }) { pool in
                    let confined = LoopBound(pool, on: bench.loop)
                    if round % 2 == 0 { _ = try await pool.query("SELECT 1") }
                    let underWay = bench.loop.spawn { await confined.value.failure(of: "SELECT pg_sleep(3)") }
                    let waiting = Task(executorPreference: bench.loop) { try await confined.value.transaction { _ in } }
                    await Task.yield()
                    return (underWay, waiting)
                }
                #expect(await tasks.0.value?.code == .unavailable)
                await #expect(throws: DatabaseError.self) { try await tasks.1.value }
            }
            let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(bench.database)'"
            try await bench.loop.wait(for: "the end of all sessions") {
                try await bench.server.execute(sessions) == "0"
            }
        }
    }

    @Test func `a pool that is closed refuses`() async throws {
        try await withBench { bench in
            let pool = try await bench.withPool { pool in
                _ = try await pool.query("SELECT 1")
                return LoopBound(pool, on: bench.loop)
            }.value
            #expect(await pool.failure(of: "SELECT 1")?.code == .unavailable)
            await #expect(throws: DatabaseError.self) { try await pool.transaction { _ in } }
            await pool.close()
        }
    }
}
