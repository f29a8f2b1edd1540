internal import CSQLite
internal import Database
internal import Linux

/// One connection to a database file. Owns its sqlite3, which is closed with it.
///
/// Belongs to the thread that called `confineToCurrentThread` last, and every entry asserts it.
///
/// > The sqlite3_open_v2() interface [...] SQLITE_OPEN_NOMUTEX: The new database connection will use the "multi-thread"
/// > threading mode. This means that separate threads are allowed to use SQLite at the same time, as long as each
/// > thread is using a different database connection.
final class SQLiteConnection: @unchecked Sendable {
    // @unchecked: it is opened on one thread and handed to another, which says so; everything in it is confined.
    let handle: OpaquePointer
    private var thread = SystemThread.currentIdentity
    var statements: StatementCache
    /// BEGIN, COMMIT and their like. Kept apart: one that is in the cache would be found there by anybody who writes it.
    var controls: [String: SQLiteStatement] = [:]
    var bounds = StatementBounds.none
    /// Whether the statement that is being prepared is one of ours. See `authorize`.
    var mayControlTransactions = false

    /// What a connection is for.
    enum Role {
        case writer
        /// Refuses every write.
        case reader
    }

    init(_ location: SQLiteLocation, role: Role, settings: SQLiteSettings) throws(DatabaseError) {
        handle = try SQLiteConnection.open(location)
        statements = StatementCache(limit: settings.statementCacheLimit)
        // From here on deinit closes the handle, whatever is thrown.
        let milliseconds = settings.busyLimit.nanoseconds / 1_000_000
        sqlite3_busy_timeout(handle, CInt(clamping: milliseconds))
        try configure(location, role: role, busyDeadline: .now() + settings.busyLimit)
    }

    /// > If the database connection is associated with unfinalized prepared statements [...] then sqlite3_close() will
    /// > leave the database connection open and return SQLITE_BUSY.
    deinit {
        statements.removeAll()
        controls.removeAll()
        let code = sqlite3_close(handle)
        precondition(code == SQLITE_OK, "a statement outlived its connection")
    }

    func confineToCurrentThread() { thread = SystemThread.currentIdentity }

    @inline(__always)
    func assertConfined() {
        precondition(thread == SystemThread.currentIdentity, "a SQLite connection was used by another thread")
    }
}

// MARK: - Opening

extension SQLiteConnection {
    private static func open(_ location: SQLiteLocation) throws(DatabaseError) -> OpaquePointer {
        precondition(sqlite3_threadsafe() != 0, "this libsqlite3 was built for programs with one thread")
        let path =
            switch location {
            case .memory: ":memory:"
            // Debian's library takes a name that begins with "file:" for a URI.
            case .file(let path): path.hasPrefix("/") ? path : "./\(path)"
            }
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        // > Whether or not an error occurs when it is opened, resources associated with the database connection handle
        // > should be released by passing it to sqlite3_close() when it is no longer required.
        guard code == SQLITE_OK, let handle else {
            let message = String(cString: sqlite3_errmsg(handle))
            sqlite3_close(handle)
            throw DatabaseError(.unavailable, message: "\(location.url): \(message)")
        }
        sqlite3_extended_result_codes(handle, 1)
        return handle
    }

    /// synchronous=FULL, because no write that was acknowledged may be lost:
    ///
    /// > Writers sync the WAL on every transaction commit if PRAGMA synchronous is set to FULL but omit this sync if
    /// > PRAGMA synchronous is set to NORMAL.
    /// > A transaction committed in WAL mode with synchronous=NORMAL might roll back following a power loss or system
    /// > crash.
    ///
    /// cell_size_check=ON is for a file that somebody else has damaged. trusted_schema stays on: without it a trigger may
    /// not keep a full-text index, and there is nothing dangerous here for a schema to call. The file is not mapped: an
    /// error of the disk would be a signal instead of a result code.
    private func configure(
        _ location: SQLiteLocation,
        role: Role,
        busyDeadline: MonotonicTime
    ) throws(DatabaseError) {
        for (limit, value) in SQLiteConnection.limits { sqlite3_limit(handle, limit, value) }
        if location != .memory { try enterWriteAheadLogging(location, until: busyDeadline) }
        var pragmas = [
            "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "cell_size_check = ON",
            "temp_store = MEMORY", "mmap_size = 0", "wal_autocheckpoint = 1000",
            "journal_size_limit = 67108864",
        ]
        if role == .reader { pragmas.append("query_only = ON") }
        for pragma in pragmas { _ = try execute(SQL(literal: "PRAGMA \(pragma)"), within: .none) }
        guard try pragma("foreign_keys") == .integer(1) else {
            throw DatabaseError(.other, message: "this libsqlite3 does not enforce foreign keys")
        }
        statements.removeAll()
        let ownPointer = Unmanaged.passUnretained(self).toOpaque()
        // Neither pointer outlives the handle, which goes with this object.
        sqlite3_progress_handler(handle, SQLiteConnection.instructionsBetweenLooks, SQLiteConnection.look, ownPointer)
        sqlite3_set_authorizer(handle, SQLiteConnection.authorize, ownPointer)
    }

    private static let limits: [(CInt, CInt)] = [
        (SQLITE_LIMIT_LENGTH, 64 << 20), (SQLITE_LIMIT_SQL_LENGTH, 4 << 20), (SQLITE_LIMIT_VARIABLE_NUMBER, 65_535),
        (SQLITE_LIMIT_TRIGGER_DEPTH, 100), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 10_000), (SQLITE_LIMIT_ATTACHED, 1),
        (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]

    /// The mode stays with the file, so only the first one to open it has to change it. When several do at once, SQLite
    /// answers SQLITE_BUSY without waiting: two that hold the shared lock would wait for each other.
    private func enterWriteAheadLogging(_ location: SQLiteLocation, until deadline: MonotonicTime) throws(DatabaseError)
    {
        while true {
            do throws(DatabaseError) {
                if try pragma("journal_mode") == .text("wal") { return }
                guard try pragma("journal_mode = WAL") == .text("wal") else {
                    throw DatabaseError(.other, message: "\(location.url): its file system can not share memory (WAL)")
                }
                return
            } catch {
                guard error.code == .timeout, .now() < deadline else { throw error }
                sqlite3_sleep(5)
            }
        }
    }

    private func pragma(_ text: String) throws(DatabaseError) -> DatabaseValue {
        let result = try execute(SQL(literal: "PRAGMA \(text)"), within: .none)
        guard let row = result.first else { return .null }
        var reader = row.reader
        if let number: Int = try? reader.next() { return .integer(Int64(number)) }
        reader = row.reader
        return .text(try reader.next())
    }
}

// MARK: - Callbacks

extension SQLiteConnection {
    /// About 20 microseconds of work.
    private static let instructionsBetweenLooks: CInt = 2_000

    /// > If the progress callback returns non-zero, the operation is interrupted.
    private static let look: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { context in
        guard let context else { return 0 }
        let connection = Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue()
        return connection.bounds.isExceeded ? 1 : 0
    }

    private typealias Authorizer =
        @convention(c) (
            UnsafeMutableRawPointer?, CInt, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?
        ) -> CInt

    /// Refuses BEGIN, COMMIT, ROLLBACK and SAVEPOINT that come as statements: transactions begin and end where the
    /// writer knows of it, or a reader would keep its snapshot for ever.
    private static let authorize: Authorizer = { context, action, _, _, _, _ in
        guard action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT, let context else { return SQLITE_OK }
        let connection = Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue()
        return connection.mayControlTransactions ? SQLITE_OK : SQLITE_DENY
    }
}
