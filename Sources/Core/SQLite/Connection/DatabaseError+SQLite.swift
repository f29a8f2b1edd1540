internal import CSQLite
internal import Database

extension DatabaseError {
    /// What SQLite answered, in the words that both drivers share. `message` is sqlite3_errmsg.
    ///
    /// SQLite's messages name the schema but not data, and their wording is the only place that does:
    ///
    ///     UNIQUE constraint failed: users.tenant, users.username
    ///     UNIQUE constraint failed: index 'users_username_key'
    ///     NOT NULL constraint failed: users.email
    ///     CHECK constraint failed: users_role_check
    ///     FOREIGN KEY constraint failed
    ///
    /// A CHECK without a name tells its expression instead, and a foreign key tells nothing. RAISE(ABORT, 'rule') tells
    /// what the trigger says, which is the name of the rule when it could be one.
    init(sqliteCode code: CInt, message: String) {
        let subject = message.rest(behind: "constraint failed: ")
        switch code {
        case ResultCode.uniqueViolation, ResultCode.primaryKeyViolation, ResultCode.rowIDViolation:
            let column = ColumnName(subject)
            let isPrimaryKey = code != ResultCode.uniqueViolation
            self.init(
                .uniqueViolation,
                constraint: isPrimaryKey ? column.map { "\($0.table)_pkey" } : nil,
                table: column?.table,
                column: column?.column,
                message: message
            )
        case ResultCode.notNullViolation:
            let column = ColumnName(subject)
            self.init(.notNullViolation, table: column?.table, column: column?.column, message: message)
        case ResultCode.checkViolation:
            self.init(.checkViolation, constraint: subject.flatMap(DatabaseError.identifier), message: message)
        case ResultCode.foreignKeyViolation:
            self.init(.foreignKeyViolation, message: message)
        case ResultCode.triggerViolation:
            self.init(.ruleViolation, constraint: DatabaseError.identifier(message), message: message)
        default:
            let clear = ResultCode.primary(code) == SQLITE_CORRUPT || ResultCode.primary(code) == SQLITE_NOTADB
            self.init(
                DatabaseError.code(code, message),
                message: clear ? "the database file is damaged, or is none: \(message)" : "\(message) (\(code))"
            )
        }
    }

    private static func code(_ code: CInt, _ message: String) -> Code {
        switch code {
        case ResultCode.busySnapshot: return .conflict
        case ResultCode.ioWrite, ResultCode.ioSynchronize, ResultCode.ioSynchronizeDirectory, ResultCode.ioTruncate,
            ResultCode.ioOpenSharedMemory, ResultCode.ioSizeSharedMemory:
            return .diskFull
        default: break
        }
        switch ResultCode.primary(code) {
        // The time to wait for another process's lock is over.
        case SQLITE_BUSY: return .timeout
        case SQLITE_LOCKED, SQLITE_PROTOCOL: return .conflict
        case SQLITE_FULL: return .diskFull
        case SQLITE_READONLY: return .readOnly
        case SQLITE_PERM, SQLITE_AUTH: return .permissionDenied
        case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_NOMEM: return .unavailable
        case SQLITE_SCHEMA: return .schemaMismatch
        case SQLITE_ERROR where tellsOfSchema(message): return .schemaMismatch
        default: return .other
        }
    }

    /// SQLITE_ERROR is all there is for them.
    private static func tellsOfSchema(_ message: String) -> Bool {
        message.hasPrefix("no such table:") || message.hasPrefix("no such column:")
            || message.contains(" has no column named ")
    }

    /// The text, if it could be the name of something.
    static func identifier(_ text: String) -> String? {
        guard let first = text.utf8.first, first < UInt8(ascii: "0") || first > UInt8(ascii: "9") else { return nil }
        let isName = text.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isName ? text : nil
    }
}

/// A table and one of its columns, as messages write them. Names with points in them are not found.
struct ColumnName: Equatable {
    let table: String
    let column: String

    init?(_ text: String?) {
        guard let parts = text?.split(separator: ",").first?.split(separator: ".", omittingEmptySubsequences: false),
            parts.count == 2, let table = DatabaseError.identifier(String(parts[0])),
            let column = DatabaseError.identifier(String(parts[1]))
        else { return nil }
        self.table = table
        self.column = column
    }
}

extension String {
    /// What stands behind a sign; nil without it.
    func rest(behind sign: String) -> String? { firstRange(of: sign).map { String(self[$0.upperBound...]) } }
}
