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
    private let handle: OpaquePointer
    private var thread = SystemThread.currentIdentity
    private var statements: StatementCache
    private var bounds = StatementBounds.none
    /// Whether the statement that is being prepared is one of ours. See `authorize`.
    private var mayControlTransactions = false

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

    /// > If sqlite3_close() is called on a database connection that still has outstanding prepared statements [...]
    /// > then the database connection will be left open and SQLITE_BUSY will be returned.
    deinit {
        statements.removeAll()
        let code = sqlite3_close(handle)
        precondition(code == SQLITE_OK, "a statement outlived its connection")
    }

    func confineToCurrentThread() { thread = SystemThread.currentIdentity }

    @inline(__always)
    private func assertConfined() {
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

    /// synchronous=FULL: in WAL mode NORMAL would skip the fsync of a commit, and a power cut would lose writes that
    /// were acknowledged.
    ///
    /// > With synchronous=FULL in WAL mode, an additional sync operation of the WAL file happens after each transaction
    /// > commit. The extra WAL sync following each transaction helps ensure that transactions are durable across a power
    /// > loss.
    ///
    /// trusted_schema=OFF and cell_size_check=ON are for a file that somebody else has written to. Files are not mapped:
    /// an error of the disk would be a signal instead of a result code.
    private func configure(
        _ location: SQLiteLocation,
        role: Role,
        busyDeadline: MonotonicTime
    ) throws(DatabaseError) {
        for (limit, value) in SQLiteConnection.limits { sqlite3_limit(handle, limit, value) }
        if location != .memory { try enterWriteAheadLogging(location, until: busyDeadline) }
        var pragmas = [
            "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "trusted_schema = OFF",
            "cell_size_check = ON", "temp_store = MEMORY", "mmap_size = 0", "wal_autocheckpoint = 1000",
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
    private func enterWriteAheadLogging(_ location: SQLiteLocation, until deadline: MonotonicTime) throws(DatabaseError) {
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

    private typealias Authorizer = @convention(c) (
        UnsafeMutableRawPointer?, CInt, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
        UnsafePointer<CChar>?
    ) -> CInt

    /// Refuses BEGIN, COMMIT, ROLLBACK and SAVEPOINT that come as statements: transactions begin and end where the writer
    /// knows of it, or a reader would keep its snapshot for ever.
    private static let authorize: Authorizer = { context, action, _, _, _, _ in
        guard action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT, let context else { return SQLITE_OK }
        let connection = Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue()
        return connection.mayControlTransactions ? SQLITE_OK : SQLITE_DENY
    }
}

// MARK: - Statements

extension SQLiteConnection {
    /// A text, prepared as far as that can be done before any of it has run.
    private enum Prepared {
        case statement(SQLiteStatement)
        /// Several: a later one may need what an earlier one makes.
        case script
        case nothing
    }

    /// Runs a statement to its end; or several without parameters, all of them or none, and answers the last one's result.
    func execute(_ sql: SQL, within bounds: StatementBounds) throws(DatabaseError) -> QueryResult {
        assertConfined()
        self.bounds = bounds
        defer { self.bounds = .none }
        return try execute(sql, prepared: try prepare(sql.text))
    }

    /// The same for what only reads; nil, and nothing has happened, for anything else.
    func executeIfReading(_ sql: SQL, within bounds: StatementBounds) throws(DatabaseError) -> QueryResult? {
        assertConfined()
        self.bounds = bounds
        defer { self.bounds = .none }
        let prepared = try prepare(sql.text)
        switch prepared {
        case .statement(let statement) where !statement.isReadOnly: return nil
        case .script: return nil
        case .statement, .nothing: return try execute(sql, prepared: prepared)
        }
    }

    private func execute(_ sql: SQL, prepared: Prepared) throws(DatabaseError) -> QueryResult {
        switch prepared {
        case .statement(let statement): return try run(statement, binding: sql.binds)
        case .nothing: return QueryResult(columns: [], values: [], changedCount: 0)
        case .script:
            guard sql.binds.isEmpty else {
                throw DatabaseError(.other, message: "several statements in one text can not have parameters")
            }
            return try runScript(sql.text)
        }
    }

    private func prepare(_ text: String) throws(DatabaseError) -> Prepared {
        if let statement = statements.statement(for: text) { return .statement(statement) }
        let (statement, rest) = try prepare(text, from: 0)
        guard let statement else { return .nothing }
        guard rest == nil else { return .script }
        statements.insert(statement, for: text)
        return .statement(statement)
    }

    /// The statement that begins at `start`, nil when there is only space, and where the next one begins.
    private func prepare(_ text: String, from start: Int) throws(DatabaseError) -> (SQLiteStatement?, rest: Int?) {
        var text = text
        var statement: OpaquePointer?
        var rest: Int?
        let code: CInt? = text.withUTF8 { bytes in
            // SQLite would stop there without a word.
            if bytes.contains(0) { return nil }
            guard let base = bytes.baseAddress, !StatementText.isBlank(bytes, from: start) else { return SQLITE_OK }
            return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { base in
                var tail: UnsafePointer<CChar>?
                let size = CInt(clamping: bytes.count - start)
                let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
                let code = sqlite3_prepare_v3(handle, base + start, size, flags, &statement, &tail)
                let end = tail.map { $0 - base } ?? bytes.count
                if !StatementText.isBlank(bytes, from: end) { rest = end }
                return code
            }
        }
        guard let code else { throw DatabaseError(.other, message: "a statement holds a NUL") }
        guard code == SQLITE_OK else { throw makeError(code) }
        return (statement.map { SQLiteStatement($0) }, rest)
    }

    private func run(_ statement: SQLiteStatement, binding binds: [DatabaseValue]) throws(DatabaseError) -> QueryResult {
        var failure: DatabaseError?
        do throws(DatabaseError) {
            defer { statement.reset() }
            try statement.bind(binds)
            return try step(statement)
        } catch {
            failure = error
        }
        // Behind the reset: the names are looked up by statements of their own.
        throw failure.map { named($0) } ?? DatabaseError(.other)
    }

    private func step(_ statement: SQLiteStatement) throws(DatabaseError) -> QueryResult {
        let changesBefore = sqlite3_total_changes64(handle)
        var columns: [String] = []
        var values: [DatabaseValue] = []
        var code = sqlite3_step(statement.pointer)
        columns = statement.columnNames()
        while code == SQLITE_ROW {
            for index in columns.indices { values.append(statement.value(at: CInt(index))) }
            code = sqlite3_step(statement.pointer)
        }
        guard code == SQLITE_DONE else { throw makeError(code) }
        return QueryResult(columns: columns, values: values, changedCount: changedCount(since: changesBefore))
    }

    /// > If a statement that is not INSERT, UPDATE or DELETE has run, the value returned by sqlite3_changes() is
    /// > unchanged.
    ///
    /// So it is only asked when the total, which also counts what triggers do, has moved.
    private func changedCount(since total: sqlite3_int64) -> Int {
        sqlite3_total_changes64(handle) == total ? 0 : Int(sqlite3_changes64(handle))
    }

    private func runScript(_ text: String) throws(DatabaseError) -> QueryResult {
        let isOutermost = !isInTransaction
        try control(isOutermost ? "BEGIN IMMEDIATE" : "SAVEPOINT script")
        do throws(DatabaseError) {
            var result = QueryResult(columns: [], values: [], changedCount: 0)
            var start: Int? = 0
            while let position = start {
                let (statement, rest) = try prepare(text, from: position)
                if let statement { result = try run(statement, binding: []) }
                start = rest
            }
            try control(isOutermost ? "COMMIT" : "RELEASE script")
            return result
        } catch {
            if isOutermost {
                rollBack()
            } else if isInTransaction {
                try? control("ROLLBACK TO script")
                try? control("RELEASE script")
            }
            throw error
        }
    }
}

// MARK: - Transactions

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
            guard isInTransaction else { throw DatabaseError(.other, message: "the transaction was rolled back before") }
            try control("COMMIT")
        } catch {
            rollBack()
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

    /// > If SQLITE_DBSTATUS_DEFERRED_FKS [...] This parameter returns zero for the current value if and only if all
    /// > foreign key constraints (deferred or immediate) have been resolved.
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
        guard case .statement(let statement) = try prepare(text) else {
            preconditionFailure("BEGIN and its like are one statement each")
        }
        _ = try run(statement, binding: [])
    }
}

// MARK: - Errors

extension SQLiteConnection {
    /// To be called at once: the message is that of the last call on the connection.
    private func makeError(_ code: CInt) -> DatabaseError {
        if ResultCode.primary(code) == SQLITE_INTERRUPT {
            let wasCancelled = bounds.cancellation?.isRequested == true
            return DatabaseError(wasCancelled ? .cancelled : .timeout, message: "the statement was interrupted")
        }
        return DatabaseError(sqliteCode: code, message: String(cString: sqlite3_errmsg(handle)))
    }

    /// Adds the name of the unique index that was violated, which SQLite does not tell when it tells the columns.
    private func named(_ error: DatabaseError) -> DatabaseError {
        guard error.code == .uniqueViolation, error.constraint == nil || error.table == nil else { return error }
        // The time of the statement may be up already.
        bounds = .none
        return ViolatedIndex(message: error.message)?.name(error) { sql throws(DatabaseError) in
            guard case .statement(let statement) = try prepare(sql.text) else { return nil }
            return try run(statement, binding: sql.binds)
        } ?? error
    }
}

extension SQLiteConnection {
    /// For tests: how many prepared statements are kept.
    var cachedStatementCount: Int { statements.count }

    /// For tests: a statement that is not kept.
    func makeStatement(_ text: String) throws(DatabaseError) -> SQLiteStatement {
        guard let statement = try prepare(text, from: 0).0 else { throw DatabaseError(.other, message: "blank") }
        return statement
    }
}
