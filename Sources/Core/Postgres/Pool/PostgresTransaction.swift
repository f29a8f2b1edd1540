internal import Database
internal import Networking

/// A transaction on a connection that was leased for it. Of no use after its end.
final class PostgresTransaction: QueryExecutor {
    let connection: PostgresConnection
    private var hasEnded = false

    init(on connection: PostgresConnection) { self.connection = connection }

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        connection.loop.assertCurrent()
        if hasEnded { throw DatabaseError(.other, message: "the transaction has ended") }
        if Task.isCancelled { throw DatabaseError(.cancelled) }
        return try await perform(StatementRequest(statement))
    }

    /// Waited for, although a statement could follow at once: it would be outside a transaction if this failed.
    func begin() async throws(DatabaseError) { _ = try await perform(StatementRequest("BEGIN")) }

    func commit() async throws(DatabaseError) {
        end()
        _ = try await perform(StatementRequest("COMMIT", isCommit: true))
    }

    /// A connection on which that fails is closed when it is given back, and the server rolls back then.
    func rollBack() async {
        end()
        _ = try? await perform(StatementRequest("ROLLBACK"))
    }

    /// Statements are refused from now on.
    func end() { hasEnded = true }

    private func perform(_ request: StatementRequest) async throws(DatabaseError) -> QueryResult {
        guard connection.isOpen else {
            throw DatabaseError(.unavailable, message: "the connection of the transaction broke")
        }
        connection.send(request)
        return try await request.value()
    }
}
