internal import Database

/// Keeps a row that a transaction has read as it is, until the transaction ends.
enum RowLock {
    /// Others may read it in the same way, and nobody may change it.
    case shared
    /// For whoever is going to change it.
    case exclusive
}

extension DatabaseDialect {
    /// What stands behind a SELECT in a transaction.
    func clause(_ lock: RowLock) -> SQL {
        switch (self, lock) {
        case (.postgres, .shared): " FOR SHARE"
        case (.postgres, .exclusive): " FOR NO KEY UPDATE"
        // Whoever has begun a transaction is the only one who writes.
        case (.sqlite, _): ""
        }
    }
}
