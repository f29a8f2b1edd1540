import TestKit

/// Where the API of a test keeps its state.
enum TestStores: String, CaseIterable, Sendable {
    /// SQLite, and the memory of the process.
    case embedded
    /// Postgres with the schema of this repository, and Redis: both real.
    case servers

    /// Gives the body the variables that lead to stores with nothing in them.
    func with<Value: Sendable>(_ body: ([String: String]) async throws -> Value) async throws -> Value {
        guard self == .servers else { return try await body([:]) }
        let postgres = try await PostgresServer.shared()
        return try await postgres.withDatabase { url in
            _ = try await TestDatabase.migrate(url)
            return try await withRedisServer { redis in
                try await body(["DATABASE_URL": url, "REDIS_URL": "redis://\(redis.networkAddress)"])
            }
        }
    }
}
