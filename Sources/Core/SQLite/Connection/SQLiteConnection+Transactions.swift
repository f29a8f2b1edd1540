internal import CSQLite
internal import Database

/// What begins and ends them. Used by the writer only, and by texts of several statements.
extension SQLiteConnection {
    /// > Autocommit mode is disabled by a BEGIN statement. Autocommit mode is re-enabled by a COMMIT or ROLLBACK.
    ///
    /// Some errors (SQLITE_FULL, SQLITE_IOERR, SQLITE_INTERRUPT of a write) roll back by themselves.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Takes the write lock at once: a transaction that takes it later may find that it can not have it.
    func begin() throws(DatabaseError) {
        assertConfined()
        try control("BEGIN IMMEDIATE")
    }

    /// When it fails nothing was committed, and the transaction is over.
    func commit() throws(DatabaseError) {
        assertConfined()
        do throws(DatabaseError) {
            guard isInTransaction else {
                throw DatabaseError(.other, message: "the transaction was rolled back before")
            }
            try control("COMMIT")
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs several statements so that all of them count or none, in a transaction of their own or inside the open one.
    func atomically<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
        assertConfined()
        let isOutermost = !isInTransaction
        try control(isOutermost ? "BEGIN IMMEDIATE" : "SAVEPOINT piece")
        do throws(DatabaseError) {
            let value = try body()
            try control(isOutermost ? "COMMIT" : "RELEASE piece")
            return value
        } catch {
            if isOutermost {
                rollBack()
            } else if isInTransaction {
                // Should it fail the whole transaction can not be committed any more, which its end will tell.
                do throws(DatabaseError) {
                    try control("ROLLBACK TO piece")
                    try control("RELEASE piece")
                } catch {
                    rollBack()
                }
            }
            throw error
        }
    }

    /// What could not be rolled back is tried again before the next piece of work: see `isAtRest`.
    func rollBack() {
        assertConfined()
        if isInTransaction { try? control("ROLLBACK") }
    }

    /// Whether no transaction is open; one that was left over is rolled back.
    var isAtRest: Bool {
        rollBack()
        return !isInTransaction
    }

    /// SQLITE_DBSTATUS_DEFERRED_FKS.
    ///
    /// > This parameter returns zero for the current value if and only if all foreign key constraints (deferred or
    /// > immediate) have been resolved.
    var hasUnresolvedForeignKeys: Bool {
        var current: CInt = 0
        var highest: CInt = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return current != 0
    }

    /// PRAGMA wal_checkpoint(TRUNCATE): everything into the main file, and the log emptied.
    func checkpoint() {
        assertConfined()
        var logged: CInt = 0
        var moved: CInt = 0
        // Should it fail, the log is still there and is read at the next opening.
        sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, &logged, &moved)
    }

    private func control(_ text: String) throws(DatabaseError) {
        mayControlTransactions = true
        defer { mayControlTransactions = false }
        let statement: SQLiteStatement
        if let kept = controls[text] {
            statement = kept
        } else {
            statement = try makeStatement(text)
            controls[text] = statement
        }
        _ = try run(statement, binding: [])
    }
}
