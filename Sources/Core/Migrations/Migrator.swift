public import Database

/// Brings a database up to date, safely from any number of processes at once.
public struct Migrator {
    private let database: any Database
    private let folder: MigrationFolder

    public init(_ database: any Database, _ folder: MigrationFolder) {
        self.database = database
        self.folder = folder
    }

    /// What would be done. Changes nothing.
    public func plan() async throws -> MigrationPlan {
        try MigrationPlan(files: folder.files, applied: try await applied(database))
    }

    /// Applies what is pending, each file in a transaction of its own together with the note that it was applied. Who
    /// comes second waits for the first, and finds less to do. Answers what was applied here.
    public func apply(progress: (MigrationFile) -> Void = { _ in }) async throws -> [MigrationFile] {
        var done: [MigrationFile] = []
        while let file = try await applyNext(progress) { done.append(file) }
        return done
    }

    /// Nil when nothing was left to do.
    private func applyNext(_ progress: (MigrationFile) -> Void) async throws -> MigrationFile? {
        if try await plan().isSettled { return nil }
        return try await database.transaction { transaction in
            try await lock(transaction)
            // Asked again behind the lock: somebody else may have been here.
            let plan = try MigrationPlan(files: folder.files, applied: try await applied(transaction))
            for file in plan.unsealed { _ = try await transaction.query(Migrator.seal(file)) }
            guard let file = plan.pending.first else { return nil }
            progress(file)
            do {
                for statement in statements(of: file) { _ = try await transaction.query(SQL(literal: statement)) }
                _ = try await transaction.query(Migrator.seal(file))
            } catch let error as DatabaseError {
                // Files are ours and hold no data of people, so what the database said of one may be shown.
                throw MigrationError.failed(file.name, reason: error.message.isEmpty ? "\(error)" : error.message)
            }
            return file
        }
    }

    /// One at a time, whoever else is about to. With SQLite the transaction holds the only write lock already.
    private func lock(_ transaction: any QueryExecutor) async throws {
        switch database.dialect {
        case .postgres:
            _ = try await transaction.query("SELECT pg_advisory_xact_lock(hashtext('gatehouse.migrations'))")
        case .sqlite: break
        }
    }

    /// Postgres takes one statement at a time, SQLite a whole script.
    private func statements(of file: MigrationFile) -> [String] {
        switch database.dialect {
        case .postgres: ScriptStatements(file.script).statements
        case .sqlite: [file.script]
        }
    }

    private func applied(_ executor: any QueryExecutor) async throws -> [MigrationPlan.Applied] {
        // Asked first, because within a transaction a statement that fails spoils all that follow.
        guard try await hasTable(executor) else { return [] }
        let rows = try await executor.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version")
        return try rows.map { row in
            var reader = row.reader
            return MigrationPlan.Applied(
                version: try reader.next(),
                name: try reader.next(),
                checksum: try reader.next()
            )
        }
    }

    /// Whether anything was ever applied: the first file makes the table.
    private func hasTable(_ executor: any QueryExecutor) async throws -> Bool {
        let tables: SQL =
            switch database.dialect {
            // Not to_regclass: that asks a cache of the connection, which a wait for an advisory lock does not refresh.
            case .postgres:
                """
                SELECT 1 AS found FROM pg_tables
                WHERE tablename = 'schema_migrations' AND schemaname = ANY (current_schemas(false))
                """
            case .sqlite: "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"
            }
        return try await !executor.query(tables).isEmpty
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
