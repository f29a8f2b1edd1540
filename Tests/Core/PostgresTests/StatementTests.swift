import Database
import Linux
import Networking
import Postgres
import TestKit
import Testing

@Suite struct StatementTests {
    @Test func `a statement answers rows`() async throws {
        try await withPool { pool, _ in
            let result = try await pool.query("SELECT \(7) AS number, \("seven") AS name UNION ALL SELECT 8, NULL")
            #expect(result.columns == ["number", "name"])
            #expect(result.count == 2)
            var row = result[0].reader
            #expect(try row.next(as: Int.self) == 7)
            #expect(try row.next(as: String.self) == "seven")
            row = result[1].reader
            #expect(try row.next(as: Int.self) == 8)
            #expect(try row.nextIfPresent(as: String.self) == nil)
        }
    }

    @Test func `changed rows are counted, answered ones are not`() async throws {
        try await withPool { pool, _ in
            _ = try await pool.query("CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT)")
            let inserted = try await pool.query(
                "INSERT INTO items SELECT n, 'item' FROM generate_series(1, 10) n RETURNING id"
            )
            #expect(inserted.changedCount == 10)
            #expect(inserted.count == 10)
            #expect(try await pool.query("SELECT id FROM items").changedCount == 0)
            #expect(try await pool.query("UPDATE items SET name = 'x' WHERE id < \(4)").changedCount == 3)
            #expect(try await pool.query("DELETE FROM items WHERE id > \(8)").changedCount == 2)
            #expect(try await pool.query("DROP TABLE items").changedCount == 0)
        }
    }

    @Test func `one that fails among many does not touch its neighbours`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { pool, bench in
            _ = try await pool.query("CREATE TABLE items (id BIGINT PRIMARY KEY CHECK (id <> 50))")
            let confined = LoopBound(pool, on: bench.loop)
            let outcomes = await withTaskGroup(of: (Int, DatabaseError.Code?).self) { group in
                for number in 0..<100 {
                    group.addTask(executorPreference: bench.loop) {
                        let statement: SQL =
                            number == 70 ? "SELEC 1" : "INSERT INTO items VALUES (\(number)) RETURNING id + 0"
                        do throws(DatabaseError) {
                            let result = try await confined.value.query(statement)
                            var reader = result[0].reader
                            let answered: Int = try reader.next()
                            #expect(answered == number)
                            return (number, nil)
                        } catch {
                            return (number, error.code)
                        }
                    }
                }
                return await group.reduce(into: [Int: DatabaseError.Code?]()) { $0[$1.0] = .some($1.1) }
            }
            #expect(outcomes.filter { $0.value != nil }.keys.sorted() == [50, 70])
            #expect(outcomes[50] == .some(.checkViolation))
            #expect(try await pool.value("SELECT count(*) FROM items", as: Int.self) == 98)
        }
    }

    @Test func `a constraint that is checked at the end fails its own statement`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { pool, bench in
            _ = try await pool.query("CREATE TABLE parents (id BIGINT PRIMARY KEY)")
            _ = try await pool.query(
                """
                CREATE TABLE children (parent BIGINT CONSTRAINT children_parent_key REFERENCES parents \
                DEFERRABLE INITIALLY DEFERRED)
                """
            )
            let confined = LoopBound(pool, on: bench.loop)
            let refused = bench.loop.spawn { await confined.value.failure(of: "INSERT INTO children VALUES (\(1))") }
            let accepted = bench.loop.spawn { await confined.value.failure(of: "INSERT INTO parents VALUES (\(2))") }
            let outcomes = await (refused.value, accepted.value)
            #expect(outcomes.0?.code == .foreignKeyViolation)
            #expect(outcomes.0?.constraint == "children_parent_key")
            #expect(outcomes.1 == nil)
            #expect(try await pool.value("SELECT count(*) FROM children", as: Int.self) == 0)
        }
    }

    @Test func `ten thousand statements go over few connections at once`() async throws {
        try await withPool { pool, bench in
            let confined = LoopBound(pool, on: bench.loop)
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10_000 {
                    group.addTask(executorPreference: bench.loop) {
                        try await confined.value.value("SELECT \(number)::bigint", as: Int.self)
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 49_995_000)
            #expect(pool.occupancy.connections <= 4)
            #expect(pool.occupancy.statementsUnderWay == 0)
            #expect(pool.occupancy.waiting == 0)
        }
    }

    @Test func `both sides may have much to say at the same time`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { pool, bench in
            let confined = LoopBound(pool, on: bench.loop)
            let text = String(repeating: "0123456789", count: 20_000)
            let tasks = (0..<200).map { number in
                Task(executorPreference: bench.loop) {
                    try await confined.value.value("SELECT \(text) || \("\(number)")", as: String.self)
                }
            }
            for (number, task) in tasks.enumerated() {
                let answer = try await task.value
                #expect(answer == text + "\(number)")
            }
        }
    }

    @Test func `large answers and large parameters pass`() async throws {
        try await withPool { pool, _ in
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let text = String(repeating: "grüße ", count: 200_000)
            let result = try await pool.query("SELECT \(bytes) AS bytes, \(text)::text AS text, repeat('x', 5000000)")
            var row = result[0].reader
            #expect(try row.next(as: [UInt8].self) == bytes)
            #expect(try row.next(as: String.self) == text)
            #expect(try row.next(as: String.self).utf8.count == 5_000_000)
        }
    }
}
