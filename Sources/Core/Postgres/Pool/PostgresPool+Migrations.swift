public import Database
internal import Networking

/// An advisory lock of the session keeps the migrations of all programs apart. It is gone with its connection, so that of
/// a program that was killed holds up nobody.
extension PostgresPool: MigratableDatabase {
    /// "schema", as a number.
    private static let migrationLock = 0x73_63_68_65_6D_61

    public func withMigrationLock<Value>(_ body: (any MigrationSession) async throws -> Value) async throws -> Value {
        let connection = try await lease()
        // Whoever waits for the lock waits for another's whole migration, and an index may take hours.
        connection.responseTimeout = nil
        let session = PostgresMigrationSession(on: connection)
        // Closed rather than given back: its session has other timeouts now.
        defer {
            session.end()
            connection.close()
        }
        try await session.begin(lock: PostgresPool.migrationLock)
        let value = try await body(session)
        try await session.unlock(PostgresPool.migrationLock)
        return value
    }
}

/// Has a connection to itself.
private final class PostgresMigrationSession: MigrationSession {
    private let connection: PostgresConnection
    private var hasEnded = false

    init(on connection: PostgresConnection) { self.connection = connection }

    func begin(lock: Int) async throws(DatabaseError) {
        for name in ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"] {
            _ = try await perform("SELECT set_config(\(name), \("0"), false)")
        }
        _ = try await perform("SELECT pg_advisory_lock(\(lock))")
    }

    func unlock(_ lock: Int) async throws(DatabaseError) { _ = try await perform("SELECT pg_advisory_unlock(\(lock))") }

    func end() { hasEnded = true }

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        if Task.isCancelled { throw DatabaseError(.cancelled) }
        return try await perform(statement)
    }

    func run(script: String, then statement: SQL) async throws(DatabaseError) {
        if Task.isCancelled { throw DatabaseError(.cancelled) }
        _ = try await perform("BEGIN")
        do throws(DatabaseError) {
            try await connection.run(script: script)
            guard connection.transactionState == .open else {
                throw DatabaseError(.other, message: "the script ends the transaction it runs in")
            }
            _ = try await perform(statement)
            _ = try await perform("COMMIT", isCommit: true)
        } catch {
            if connection.isOpen, connection.transactionState != .none { _ = try? await perform("ROLLBACK") }
            throw error
        }
    }

    private func perform(_ statement: SQL, isCommit: Bool = false) async throws(DatabaseError) -> QueryResult {
        if hasEnded { throw DatabaseError(.other, message: "the migration has ended") }
        guard connection.isOpen else { throw DatabaseError(.unavailable, message: "the connection broke") }
        let request = StatementRequest(statement, isCommit: isCommit)
        connection.send(request)
        return try await request.value()
    }
}
