import Database
import Linux
import Networking
import TestKit
import Testing

@testable import Postgres

@Suite struct PreparedStatementTests {
    private func key(_ text: String, _ types: [UInt32] = []) -> PreparedStatement.Key {
        PreparedStatement.Key(text: text, types: types)
    }

    @Test func `the cache keeps those that were used last`() {
        var cache = PreparedStatementCache(limit: 2)
        let (first, isNew) = cache.statement(for: key("a"))
        #expect(isNew && first.name == "s1")
        #expect(cache.statement(for: key("b")).isNew)
        #expect(!cache.statement(for: key("a")).isNew)
        #expect(cache.statement(for: key("a", [20])).isNew)
        #expect(cache.takeDiscarded() == ["s2"])
        #expect(cache.takeDiscarded() == [])
        #expect(cache.statement(for: key("b")).statement.name == "s4")
        #expect(cache.takeDiscarded() == ["s1"])
        #expect(cache.count == 2)
    }

    @Test func `what is planned anew is not kept, and disturbs nothing that is`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { (pool, _) async throws in
            let kept: SQL = "SELECT \(1)::bigint + 1"
            var anew: SQL = "SELECT \(2)::bigint + 2"
            anew.isPlannedAnew = true
            for _ in 0..<10 {
                #expect(try await pool.value(kept, as: Int.self) == 2)
                #expect(try await pool.value(anew, as: Int.self) == 4)
            }
            var broken: SQL = "SELECT absent"
            broken.isPlannedAnew = true
            #expect(await pool.failure(of: broken)?.code == .schemaMismatch)
            let names: SQL = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE \("%bigint + %")"
            #expect(try await pool.value(names, as: Int.self) == 1)
        }
    }

    @Test func `a forgotten statement gets another name`() {
        var cache = PreparedStatementCache(limit: 2)
        let first = cache.statement(for: key("a")).statement
        cache.forget(first, isOnServer: false)
        let second = cache.statement(for: key("a")).statement
        #expect(first.name != second.name)
        cache.forget(first, isOnServer: true)
        #expect(cache.count == 1)
        #expect(cache.discarded.isEmpty)
        cache.forget(second, isOnServer: true)
        #expect(cache.discarded == [second.name])
    }

    @Test func `the server keeps no more statements than the cache`() async throws {
        try await withPool({ settings in
            settings.maximumConnections = 1
            settings.preparedStatementLimit = 8
        }) { pool, _ in
            for number in 0..<50 {
                let answer = try await pool.value(SQL(literal: "SELECT \(number)"), as: Int.self)
                #expect(answer == number)
            }
            let count: SQL = "SELECT count(*) FROM pg_prepared_statements"
            let areGone = try await pool.eventually { try await pool.value(count, as: Int.self) <= 8 }
            #expect(areGone)
        }
    }

    @Test func `statements that the server forgot, or made for another schema, are prepared again`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { pool, bench in
            _ = try await pool.query("CREATE TABLE items (id BIGINT)")
            _ = try await pool.query("INSERT INTO items VALUES (\(1))")
            #expect(try await pool.query("SELECT * FROM items").columns == ["id"])
            _ = try await pool.query("DEALLOCATE ALL")
            #expect(try await pool.query("SELECT * FROM items").columns == ["id"])
            _ = try await pool.query("ALTER TABLE items ADD COLUMN name TEXT DEFAULT 'x'")
            // Several at once: each of them was sent for the old columns.
            let confined = LoopBound(pool, on: bench.loop)
            let tasks = (0..<10).map { _ in
                bench.loop.spawn { try? await confined.value.query("SELECT * FROM items").columns }
            }
            for task in tasks { #expect(await task.value == ["id", "name"]) }
        }
    }

    @Test func `a statement that can not be prepared fails each time with the same error`() async throws {
        try await withPool({ $0.maximumConnections = 1 }) { pool, bench in
            let confined = LoopBound(pool, on: bench.loop)
            let tasks = (0..<5).map { _ in bench.loop.spawn { await confined.value.failure(of: "SELECT * FROM later") }
            }
            for task in tasks { #expect(await task.value?.code == .schemaMismatch) }
            _ = try await pool.query("CREATE TABLE later (id BIGINT)")
            #expect(await pool.failure(of: "SELECT * FROM later") == nil)
        }
    }
}
