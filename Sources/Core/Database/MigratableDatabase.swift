/// A database whose schema can be changed from here.
public protocol MigratableDatabase: Database {
    /// Runs `body` while no other process is in the same place: they wait.
    func withMigrationLock<Value>(_ body: (any MigrationSession) async throws -> Value) async throws -> Value
}

/// The one who may change the schema now.
public protocol MigrationSession: QueryExecutor {
    /// Runs a script of many statements and one more behind it in one transaction: all of it or nothing.
    func run(script: String, then statement: SQL) async throws(DatabaseError)
}
