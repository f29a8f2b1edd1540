import Database
import Linux
import Networking
import Operations
import SQLite
import TestKit
import Testing

@testable import API

/// The file that an installation without servers keeps its state in, and what else works on it.
@Suite struct EmbeddedDatabaseTests {
    private static func settings(_ url: String) throws -> StateSettings {
        let reader = ConfigurationReader(ConfigurationSource(environment: ["DATABASE_URL": url]))
        let settings = StateSettings(reader)
        try reader.finish()
        return settings
    }

    @Test func `a migration waits for another process for longer than anything else would`() async throws {
        let folder = try TestDirectory()
        let path = folder.path("test.db")
        let settings = try Self.settings("sqlite:" + path)
        try await withLoop { loop in
            let store = try SQLiteStore(.file(path: path))
            let database = store.database(on: loop)
            _ = try await database.query("CREATE TABLE items (id INTEGER)")
            var waiting: Task<Void, any Error>?
            try await database.transaction { executor in
                _ = try await executor.query("INSERT INTO items VALUES (1)")
                waiting = Task {
                    try await CommandBench.with(settings, for: "migrate", isPatient: true) { bench in
                        _ = try await bench.database.query("INSERT INTO items VALUES (2)")
                    }
                }
                await loop.sleep(for: SQLiteSettings().busyLimit + .milliseconds(500))
            }
            try await waiting?.value
            #expect(try await database.query("SELECT id FROM items").count == 2)
            await store.close()
        }
        withExtendedLifetime(folder) {}
    }
}
