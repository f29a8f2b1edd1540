public import Database
internal import Linux

/// Brings a database up to date, safely from any number of processes at once.
public struct Migrator {
    private let database: any MigratableDatabase
    private let folder: MigrationFolder

    public init(_ database: any MigratableDatabase, _ folder: MigrationFolder) {
        self.database = database
        self.folder = folder
    }

    /// What would be done. Changes nothing.
    public func plan() async throws -> MigrationPlan {
        try MigrationPlan(files: folder.files, applied: try await Migrator.applied(database))
    }

    /// Applies what is pending, each file in a transaction of its own together with the note that it was applied. Whoever
    /// comes second waits, and finds nothing left to do. Answers what was applied here.
    public func apply(progress: (MigrationFile) -> Void = { _ in }) async throws -> [MigrationFile] {
        try await database.withMigrationLock { session in
            let plan = try MigrationPlan(files: folder.files, applied: try await Migrator.applied(session))
            for file in plan.unsealed { _ = try await session.query(Migrator.seal(file)) }
            for file in plan.pending {
                progress(file)
                do {
                    try await session.run(script: file.script, then: Migrator.seal(file))
                } catch let error as DatabaseError {
                    // Files are ours and hold no data of people, so what the database said of one may be shown.
                    throw MigrationError.failed(file.name, reason: error.message.isEmpty ? "\(error)" : error.message)
                }
            }
            return plan.pending
        }
    }

    private static func applied(_ executor: any QueryExecutor) async throws -> [MigrationPlan.Applied] {
        let rows: QueryResult
        do throws(DatabaseError) {
            rows = try await executor.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version")
        } catch where error.code == .schemaMismatch {
            // Nothing was ever applied: the first file makes the table.
            return []
        }
        return try rows.map { row in
            var reader = row.reader
            return MigrationPlan.Applied(
                version: try reader.next(),
                name: try reader.next(),
                checksum: try reader.next()
            )
        }
    }

    /// The note that a file was applied. The file may have made it itself, for the sake of databases that run it without
    /// this program; then its checksum is added.
    private static func seal(_ file: MigrationFile) -> SQL {
        """
        INSERT INTO schema_migrations (version, name, checksum)
        VALUES (\(file.version), \(file.name), \(file.checksum))
        ON CONFLICT (version) DO UPDATE SET checksum = excluded.checksum
        """
    }
}
