internal import CSQLite
internal import Database

/// Preparing and running.
extension SQLiteConnection {
    /// A text, prepared as far as that can be done before any of it has run.
    enum Prepared {
        case statement(SQLiteStatement)
        /// Several: a later one may need what an earlier one makes.
        case script
        case nothing
    }

    /// Runs a statement to its end; or several without parameters, all of them or none, and answers the last one's
    /// result.
    func execute(_ sql: SQL, within bounds: StatementBounds) throws(DatabaseError) -> QueryResult {
        assertConfined()
        self.bounds = bounds
        defer { self.bounds = .none }
        return try execute(sql, prepared: try prepare(sql.text))
    }

    /// What a reader makes of a statement.
    enum Reading {
        case result(QueryResult)
        /// It does not only read. Nothing has happened.
        case writes
        /// The reader can not tell. Nothing has happened.
        case unclear
    }

    /// The same for what only reads.
    ///
    /// A connection learns of a changed schema when it next reads, not when it prepares a statement. So an error of
    /// preparing may be one of the past ("cannot drop column: no other columns exist"), and is for the writer to judge.
    func executeIfReading(_ sql: SQL, within bounds: StatementBounds) throws(DatabaseError) -> Reading {
        assertConfined()
        self.bounds = bounds
        defer { self.bounds = .none }
        guard let prepared = try? prepare(sql.text) else { return .unclear }
        switch prepared {
        case .statement(let statement) where !statement.isReadOnly: return .writes
        case .script: return .writes
        case .statement, .nothing: return .result(try execute(sql, prepared: prepared))
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

    func prepare(_ text: String) throws(DatabaseError) -> Prepared {
        if let statement = statements.statement(for: text) { return .statement(statement) }
        let (statement, rest) = try prepare(text, from: 0)
        guard let statement else { return .nothing }
        guard rest == nil else { return .script }
        statements.insert(statement, for: text)
        return .statement(statement)
    }

    /// Prepares one statement, which is not put into the cache.
    func makeStatement(_ text: String) throws(DatabaseError) -> SQLiteStatement {
        guard let statement = try prepare(text, from: 0).0 else {
            throw DatabaseError(.other, message: "a statement of nothing")
        }
        return statement
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

    func run(_ statement: SQLiteStatement, binding binds: [DatabaseValue]) throws(DatabaseError) -> QueryResult {
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

    /// > Executing any other type of SQL statement does not modify the value returned by these functions.
    ///
    /// So it is only asked when the total, which also counts what triggers do, has moved.
    private func changedCount(since total: sqlite3_int64) -> Int {
        sqlite3_total_changes64(handle) == total ? 0 : Int(sqlite3_changes64(handle))
    }

    private func runScript(_ text: String) throws(DatabaseError) -> QueryResult {
        try atomically { () throws(DatabaseError) in
            var result = QueryResult(columns: [], values: [], changedCount: 0)
            var start: Int? = 0
            while let position = start {
                let (statement, rest) = try prepare(text, from: position)
                if let statement { result = try run(statement, binding: []) }
                start = rest
            }
            return result
        }
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
}
