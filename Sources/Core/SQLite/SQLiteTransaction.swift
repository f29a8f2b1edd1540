internal import Database
internal import Networking

/// The executor of one transaction.
final class SQLiteTransaction: QueryExecutor {
    private let database: SQLiteDatabase
    private var isOver = false
    /// The first error of one of its statements.
    private(set) var failure: DatabaseError?

    init(on database: SQLiteDatabase) { self.database = database }

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        database.loop.assertCurrent()
        if isOver { throw .transactionOver }
        if failure != nil { throw DatabaseError(.other, message: "an earlier statement of the transaction failed") }
        do throws(DatabaseError) {
            return try await database.queryInTransaction(statement)
        } catch {
            if failure == nil { failure = error }
            throw error
        }
    }

    func end() { isOver = true }
}
