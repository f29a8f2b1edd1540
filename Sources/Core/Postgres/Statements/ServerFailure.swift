internal import Database

/// An error as the server reported it.
struct ServerFailure {
    /// Nil for an error of libpq's own making: the connection is lost.
    let sqlState: String?
    /// The server ends the connection with it.
    let isFatal: Bool
    /// The function of the server that reported it.
    let routine: String?
    let constraint: String?
    let table: String?
    let column: String?
    /// Where in the statement, in characters from 1 on.
    let position: Int?
    let message: String

    /// The prepared statement is not there any more, or answers other columns since the schema was changed. Preparing
    /// it again helps. Nothing was carried out.
    var isStaleStatement: Bool {
        sqlState == "26000" || sqlState == "0A000" && routine == "RevalidateCachedQuery"
    }

    var error: DatabaseError { error(message: message) }

    /// The same for a statement of a script, with the line it is on.
    func error(in script: String) -> DatabaseError {
        guard let position else { return error }
        let line = script.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" } + 1
        return error(message: "line \(line): \(message)")
    }

    private func error(message: String) -> DatabaseError {
        DatabaseError(
            code,
            sqlState: sqlState,
            constraint: constraint,
            table: table,
            column: column,
            message: message
        )
    }

    /// What the codes of the manual's appendix A mean to a repository.
    private var code: DatabaseError.Code {
        guard let sqlState else { return .connectionLost }
        switch sqlState {
        case "23505", "23P01": return .uniqueViolation
        case "23503", "23001": return .foreignKeyViolation
        case "23514": return .checkViolation
        case "23502": return .notNullViolation
        // RAISE without a code of its own.
        case "P0001": return .ruleViolation
        // Serialization failure, deadlock, a lock that could not be had in time.
        case "40001", "40P01", "55P03": return .conflict
        case "57014": return .timeout
        case "53100": return .diskFull
        case "25006": return .readOnly
        case "42501": return .permissionDenied
        case "42P01", "42703", "42883", "3F000": return .schemaMismatch
        // Shutting down, starting up, too many connections, out of memory, idle for too long in a transaction.
        case "57P01", "57P02", "57P03", "57P04", "57P05", "53300", "53200", "25P03": return .unavailable
        case _ where sqlState.hasPrefix("08"): return .unavailable
        default: return .other
        }
    }
}
