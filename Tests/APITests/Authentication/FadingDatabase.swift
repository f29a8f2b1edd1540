import Database

/// A database that goes away at a statement: it and those that follow fail, in transactions as well, which are rolled back.
final class FadingDatabase: Database {
    private let base: any Database
    /// Asked before each statement whether it can still be carried out.
    var isThere: (SQL) -> Bool

    init(_ base: any Database, isThere: @escaping (SQL) -> Bool = { _ in true }) {
        self.base = base
        self.isThere = isThere
    }

    /// Carries out so many statements, and is away then.
    func fade(after count: Int) {
        var left = count
        isThere = { _ in
            left -= 1
            return left >= 0
        }
    }

    var dialect: DatabaseDialect { base.dialect }

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        guard isThere(statement) else { throw DatabaseError(.unavailable) }
        return try await base.query(statement)
    }

    func transaction<Value>(_ body: (any QueryExecutor) async throws -> Value) async throws -> Value {
        try await base.transaction { executor in try await body(Executor(base: executor, database: self)) }
    }

    func ping(timeout: Duration) async throws(DatabaseError) -> Duration { try await base.ping(timeout: timeout) }

    func close() async { await base.close() }

    private final class Executor: QueryExecutor {
        let base: any QueryExecutor
        let database: FadingDatabase

        init(base: any QueryExecutor, database: FadingDatabase) {
            self.base = base
            self.database = database
        }

        func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
            guard database.isThere(statement) else { throw DatabaseError(.unavailable) }
            return try await base.query(statement)
        }
    }
}
