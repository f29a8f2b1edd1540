import Database
import Linux
import Networking
import Postgres
import TestKit
import Testing

@Suite struct TransactionTests {
    private struct Refusal: Error {}

    /// A pool with an empty table.
    private func withTable(
        _ change: @escaping @Sendable (inout PostgresSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (PostgresPool, Bench) async throws -> Void
    ) async throws {
        try await withPool(change) { pool, bench in
            _ = try await pool.query("CREATE TABLE items (id BIGINT PRIMARY KEY)")
            try await body(pool, bench)
        }
    }

    private static func count(_ pool: PostgresPool) async -> Int? {
        try? await pool.value("SELECT count(*) FROM items", as: Int.self)
    }

    @Test func `what returns is committed, and the value comes out`() async throws {
        try await withTable { pool, _ in
            let value = try await pool.transaction { transaction in
                _ = try await transaction.query("INSERT INTO items VALUES (\(1))")
                #expect(await Self.count(pool) == 0)
                return "done"
            }
            #expect(value == "done")
            #expect(await Self.count(pool) == 1)
            #expect(pool.occupancy.leased == 0)
        }
    }

    @Test func `what throws is rolled back, and the error comes out`() async throws {
        try await withTable { pool, _ in
            await #expect(throws: Refusal.self) {
                try await pool.transaction { transaction in
                    _ = try await transaction.query("INSERT INTO items VALUES (\(1))")
                    throw Refusal()
                }
            }
            #expect(await Self.count(pool) == 0)
            await #expect(throws: DatabaseError.self) {
                try await pool.transaction { transaction in
                    _ = try await transaction.query("INSERT INTO items VALUES (\(1))")
                    _ = try await transaction.query("INSERT INTO items VALUES (\(1))")
                }
            }
            #expect(await Self.count(pool) == 0)
            #expect(pool.occupancy.connections <= 2)
        }
    }

    @Test func `a failure that the body swallowed is no commit`() async throws {
        try await withTable { pool, _ in
            let error = await #expect(throws: DatabaseError.self) {
                try await pool.transaction { transaction in
                    _ = try await transaction.query("INSERT INTO items VALUES (\(1))")
                    _ = try? await transaction.query("SELECT 1 / 0")
                }
            }
            #expect(error?.sqlState == "25P02")
            #expect(await Self.count(pool) == 0)
            #expect(pool.occupancy.leased == 0)
        }
    }

    @Test func `a constraint that is checked at the commit refuses it`() async throws {
        try await withTable { pool, _ in
            _ = try await pool.query(
                "CREATE TABLE parts (item BIGINT CONSTRAINT parts_item_fkey REFERENCES items DEFERRABLE INITIALLY DEFERRED)"
            )
            let error = await #expect(throws: DatabaseError.self) {
                try await pool.transaction { _ = try await $0.query("INSERT INTO parts VALUES (\(1))") }
            }
            #expect(error?.code == .foreignKeyViolation)
            #expect(error?.constraint == "parts_item_fkey")
            try await pool.transaction { transaction in
                _ = try await transaction.query("INSERT INTO parts VALUES (\(1))")
                _ = try await transaction.query("INSERT INTO items VALUES (\(1))")
            }
            #expect(try await pool.value("SELECT count(*) FROM parts", as: Int.self) == 1)
        }
    }

    @Test func `a cancelled transaction is rolled back, even when its body does not care`() async throws {
        try await withTable { pool, bench in
            let confined = LoopBound(pool, on: bench.loop)
            let hasBegun = Pulse()
            let task = Task(executorPreference: bench.loop) {
                try await confined.value.transaction { transaction in
                    _ = try await transaction.query("INSERT INTO items VALUES (\(1))")
                    hasBegun.send()
                    while !Task.isCancelled { await bench.loop.sleep(for: .milliseconds(1)) }
                }
            }
            try await hasBegun.wait(on: bench.loop)
            task.cancel()
            await #expect(throws: DatabaseError(.cancelled)) { try await task.value }
            #expect(await Self.count(pool) == 0)
            #expect(pool.occupancy.leased == 0)

            let statement = Task(executorPreference: bench.loop) {
                try await confined.value.transaction { transaction in
                    hasBegun.send()
                    _ = try await transaction.query("INSERT INTO items SELECT 2 FROM pg_sleep(0.2)")
                    _ = try await transaction.query("INSERT INTO items VALUES (\(3))")
                }
            }
            try await hasBegun.wait(on: bench.loop)
            statement.cancel()
            await #expect(throws: DatabaseError(.cancelled)) { try await statement.value }
            #expect(await Self.count(pool) == 0)
        }
    }

    @Test func `nobody else sends over the connection of a transaction`() async throws {
        try await withTable { pool, bench in
            let confined = LoopBound(pool, on: bench.loop)
            let identifiers = try await pool.transaction { transaction in
                let own = try await transaction.query("SELECT pg_backend_pid()")
                var reader = own[0].reader
                let mine: Int = try reader.next()
                var others: Set<Int> = []
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<200 {
                        group.addTask(executorPreference: bench.loop) {
                            try await confined.value.value("SELECT pg_backend_pid()", as: Int.self)
                        }
                    }
                    for try await other in group { others.insert(other) }
                }
                return (mine, others)
            }
            #expect(!identifiers.1.contains(identifiers.0))
            #expect(!identifiers.1.isEmpty)
        }
    }

    @Test func `many transactions at once are isolated from each other`() async throws {
        try await withTable({ $0.maximumConnections = 3 }) { pool, bench in
            _ = try await pool.query("CREATE TABLE counters (value BIGINT)")
            _ = try await pool.query("INSERT INTO counters VALUES (0)")
            let confined = LoopBound(pool, on: bench.loop)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask(executorPreference: bench.loop) {
                        do {
                            try await confined.value.transaction { transaction in
                                let result = try await transaction.query("SELECT value FROM counters FOR UPDATE")
                                var reader = result[0].reader
                                let value: Int = try reader.next()
                                _ = try await transaction.query("UPDATE counters SET value = \(value + 1)")
                                if number % 3 == 0 { throw Refusal() }
                            }
                        } catch is Refusal {}
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await pool.value("SELECT value FROM counters", as: Int.self) == 40)
            #expect(pool.occupancy.leased == 0)
            #expect(pool.occupancy.connections <= 3)
        }
    }

    @Test func `a transaction is of no use after its end`() async throws {
        try await withTable { pool, _ in
            var kept: (any QueryExecutor)?
            try await pool.transaction { kept = $0 }
            let executor = try #require(kept)
            await #expect(throws: DatabaseError.self) {
                _ = try await executor.query("INSERT INTO items VALUES (\(1))")
            }
            #expect(await Self.count(pool) == 0)
        }
    }

    @Test func `the schema may change between two transactions, and under one`() async throws {
        try await withTable { pool, _ in
            func all(_ executor: any QueryExecutor) async throws -> [String] {
                try await executor.query("SELECT * FROM items").columns
            }
            #expect(try await pool.transaction { try await all($0) } == ["id"])
            _ = try await pool.query("ALTER TABLE items ADD COLUMN name TEXT")
            // The statement is prepared on that connection, for one column.
            let error = await #expect(throws: DatabaseError.self) { try await pool.transaction { try await all($0) } }
            #expect(error?.code == .conflict)
            #expect(try await pool.transaction { try await all($0) } == ["id", "name"])
        }
    }
}
