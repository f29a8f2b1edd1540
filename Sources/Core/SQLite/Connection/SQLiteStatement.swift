internal import CSQLite
internal import Database

/// A prepared statement of one connection. Owns its sqlite3_stmt.
final class SQLiteStatement {
    let pointer: OpaquePointer
    /// sqlite3_stmt_readonly.
    let isReadOnly: Bool
    /// For each parameter of the statement, in its order, the number behind its `$`; nil for one of another kind.
    private let parameterNumbers: [Int?]
    private var columns: [String] = []
    private var columnsPreparation: CInt = -1

    /// Takes over the pointer.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        isReadOnly = sqlite3_stmt_readonly(pointer) != 0
        let count = sqlite3_bind_parameter_count(pointer)
        parameterNumbers = (0..<count).map { index in
            guard let name = sqlite3_bind_parameter_name(pointer, index + 1) else { return nil }
            let text = String(cString: name)
            return text.hasPrefix("$") ? Int(text.dropFirst()) : nil
        }
    }

    // > If the most recent evaluation of statement S failed, then sqlite3_finalize(S) returns the appropriate
    // > error code or extended error code.
    //
    // Which was reported when it happened.
    deinit { sqlite3_finalize(pointer) }

    /// > Contrary to the intuition of many, sqlite3_reset() does not reset the bindings on a prepared statement.
    ///
    /// So both, after every use: a statement that is not reset keeps its snapshot, and bindings would keep people's
    /// data.
    func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    /// Names of the columns.
    ///
    /// When the schema has changed sqlite3_step prepares the statement anew, and then `SELECT *` has other columns. So
    /// they are read behind the first step, and again when that has happened since.
    func columnNames() -> [String] {
        let preparation = sqlite3_stmt_status(pointer, SQLITE_STMTSTATUS_REPREPARE, 0)
        if preparation != columnsPreparation {
            columns = (0..<sqlite3_column_count(pointer)).map { index in
                sqlite3_column_name(pointer, index).map { String(cString: $0) } ?? ""
            }
            columnsPreparation = preparation
        }
        return columns
    }
}

// MARK: - Parameters

extension SQLiteStatement {
    /// Binds each value to the parameter `$n` it is for.
    func bind(_ values: [DatabaseValue]) throws(DatabaseError) {
        var highest = 0
        for (index, number) in parameterNumbers.enumerated() {
            guard let number, number > 0, number <= values.count else {
                throw DatabaseError(.other, message: "a parameter is not one of $1 to $\(values.count)")
            }
            highest = max(highest, number)
            try bind(values[number - 1], at: CInt(index + 1))
        }
        guard highest == values.count else {
            throw DatabaseError(.other, message: "\(values.count) values for \(highest) parameters")
        }
    }

    private func bind(_ value: DatabaseValue, at index: CInt) throws(DatabaseError) {
        let code =
            switch value {
            case .null: sqlite3_bind_null(pointer, index)
            case .boolean(let value): sqlite3_bind_int64(pointer, index, value ? 1 : 0)
            case .integer(let value): sqlite3_bind_int64(pointer, index, value)
            case .real(let value): try bind(value, at: index)
            case .text(let value): try bind(value, at: index)
            case .bytes(let value): bind(value, at: index)
            case .uuid(let value): bind(value, at: index)
            case .time(let value): sqlite3_bind_int64(pointer, index, value.microseconds)
            }
        guard code == SQLITE_OK else {
            throw DatabaseError(.other, message: "a parameter was refused: \(String(cString: sqlite3_errstr(code)))")
        }
    }

    /// SQLite binds NULL for what is not a number.
    private func bind(_ value: Double, at index: CInt) throws(DatabaseError) -> CInt {
        if value.isNaN { throw DatabaseError(.other, message: "NaN can not be stored") }
        return sqlite3_bind_double(pointer, index, value)
    }

    /// > The result of expressions involving strings with embedded NULs is undefined.
    private func bind(_ value: String, at index: CInt) throws(DatabaseError) -> CInt {
        var value = value
        let code: CInt? = value.withUTF8 { bytes in
            if bytes.contains(0) { return nil }
            // A nil pointer would bind NULL.
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_text(pointer, index, "", 0, SQLiteStatement.copied)
            }
            let size = sqlite3_uint64(bytes.count)
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                sqlite3_bind_text64(pointer, index, start, size, SQLiteStatement.copied, UInt8(SQLITE_UTF8))
            }
        }
        guard let code else { throw DatabaseError(.other, message: "text with a NUL can not be stored") }
        return code
    }

    private func bind(_ value: [UInt8], at index: CInt) -> CInt {
        // A nil pointer would bind NULL.
        if value.isEmpty { return sqlite3_bind_zeroblob(pointer, index, 0) }
        return value.withUnsafeBytes { bytes in
            sqlite3_bind_blob64(
                pointer,
                index,
                bytes.baseAddress,
                sqlite3_uint64(bytes.count),
                SQLiteStatement.copied
            )
        }
    }

    private func bind(_ value: UUID, at index: CInt) -> CInt {
        withUnsafeBytes(of: (value.high.bigEndian, value.low.bigEndian)) { bytes in
            sqlite3_bind_blob64(pointer, index, bytes.baseAddress, 16, SQLiteStatement.copied)
        }
    }

    /// SQLITE_TRANSIENT, a cast that Swift does not import.
    ///
    /// > The SQLITE_TRANSIENT value means that the content will likely change in the near future and that SQLite should
    /// > make its own private copy of the content before returning.
    ///
    /// `nonisolated(unsafe)`: a constant that nobody calls.
    private nonisolated(unsafe) static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

// MARK: - Columns

extension SQLiteStatement {
    /// The value of a column in the current row.
    func value(at index: CInt) -> DatabaseValue {
        switch sqlite3_column_type(pointer, index) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(pointer, index))
        case SQLITE_FLOAT: .real(sqlite3_column_double(pointer, index))
        case SQLITE_TEXT: .text(text(at: index))
        case SQLITE_BLOB: .bytes(bytes(at: index))
        default: .null
        }
    }

    /// > The safest policy is to invoke these routines in one of the following ways: sqlite3_column_text() followed by
    /// > sqlite3_column_bytes(), sqlite3_column_blob() followed by sqlite3_column_bytes() [...]
    private func text(at index: CInt) -> String {
        guard let start = sqlite3_column_text(pointer, index) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, index))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func bytes(at index: CInt) -> [UInt8] {
        // > The return value from sqlite3_column_blob() for a zero-length BLOB is a NULL pointer.
        guard let start = sqlite3_column_blob(pointer, index) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, index))))
    }
}
