import Database
import Linux
import Networking
import SQLite

/// Loads on a file, by way of the store as the API opens it.
enum SQLiteLoads {
    private static let rows = 100_000

    /// One row by its primary key.
    static func reads(_ path: String, on group: EventLoopGroup, _ load: Load) async throws -> LoadFigures {
        try await run(path, on: group) { databases in
            try await prepare(databases[0])
            return try await load.run(on: databases) { database, random in
                let key = Int.random(in: 1...rows, using: &random)
                guard try await !database.query("SELECT balance FROM accounts WHERE id = \(key)").isEmpty else {
                    throw MissingRow()
                }
            }
        }
    }

    /// One row each; those that wait together share a commit, which is on the disk before it is acknowledged.
    static func inserts(_ path: String, on group: EventLoopGroup, _ load: Load) async throws -> LoadFigures {
        try await run(path, on: group) { databases in
            try await prepare(databases[0])
            return try await load.run(on: databases) { database, _ in
                _ = try await database.query("INSERT INTO accounts (balance) VALUES (\(0))")
            }
        }
    }

    private static func prepare(_ database: LoopBound<SQLiteDatabase>) async throws {
        try await database.loop.run {
            _ = try await database.value.query(
                "CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)"
            )
            _ = try await database.value.query(
                """
                WITH RECURSIVE numbers (number) AS (VALUES (1) UNION ALL SELECT number + 1 FROM numbers LIMIT \(rows))
                INSERT OR IGNORE INTO accounts SELECT number, 0 FROM numbers
                """
            )
        }
    }

    private static func run(
        _ path: String,
        on group: EventLoopGroup,
        _ body: ([LoopBound<SQLiteDatabase>]) async throws -> LoadFigures
    ) async throws -> LoadFigures {
        let store = try SQLiteStore(.file(path: path))
        let figures: Result<LoadFigures, any Error>
        do {
            figures = .success(
                try await withStores(on: group, open: { store.database(on: $0) }, close: { await $0.close() }, body)
            )
        } catch {
            figures = .failure(error)
        }
        await store.close()
        return try figures.get()
    }

    private struct MissingRow: Error {}
}
