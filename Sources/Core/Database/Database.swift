/// Something that carries out statements: a database, or a transaction on it.
///
/// Lives on one loop, as what uses it does.
public protocol QueryExecutor: AnyObject {
    /// Carries out one statement. On a database, each call may go over another connection; several may be under way at
    /// once, and one that fails does not touch the others.
    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult
}

/// Where durable state is kept. Two drivers: Postgres and SQLite. One instance for each loop.
public protocol Database: QueryExecutor {
    /// Which SQL it speaks, for the few places where that matters: they are methods of a driver or of a migration, never
    /// an `if` in a repository.
    var dialect: DatabaseDialect { get }

    /// Runs `body` in a transaction on a connection of its own: committed when it returns, rolled back when it throws or
    /// its task is cancelled. The executor is of no use after that.
    ///
    /// SQLite has one writer: there a transaction takes the write lock when it begins, and others wait in line.
    func transaction<Value>(_ body: (any QueryExecutor) async throws -> Value) async throws -> Value

    /// Asks the database for a sign of life, and answers how long it took.
    func ping(timeout: Duration) async throws(DatabaseError) -> Duration

    /// Ends the connections of this loop. What is under way fails with `unavailable`.
    func close() async
}

public enum DatabaseDialect: String, Sendable {
    case postgres
    case sqlite
}
