/// Why a statement failed.
public struct DatabaseError: Error, Equatable, Sendable {
    public enum Code: Equatable, Sendable {
        case uniqueViolation
        case foreignKeyViolation
        case checkViolation
        case notNullViolation
        /// The schema refused for a reason of its own: a trigger raised it, `constraint` names the rule.
        case ruleViolation
        /// Two transactions got in each other's way; the same work may succeed when it is done again.
        case conflict
        /// The statement took longer than it may, and was given up by the database: it was not carried out.
        case timeout
        /// No connection became free in time.
        case poolExhausted
        /// The database can not be reached, is starting up or going down. The statement was not carried out.
        case unavailable
        /// The connection broke while the statement was under way, or no answer came in time: whether it was carried out is
        /// unknown.
        case connectionLost
        /// There is no room left for data.
        case diskFull
        /// The database, or this role, may only be read.
        case readOnly
        case permissionDenied
        /// A table or column is missing: the schema is not the one this program needs.
        case schemaMismatch
        case cancelled
        /// A result was not of the shape that was read.
        case unexpectedResult
        case other
    }

    public let code: Code
    /// Five characters of the SQL standard; from Postgres only.
    public let sqlState: String?
    /// The name of the violated constraint or rule, which repositories know.
    public let constraint: String?
    public let table: String?
    public let column: String?
    /// What the database said, for the log. It may quote data, so it is not part of `description`.
    public let message: String

    public init(
        _ code: Code,
        sqlState: String? = nil,
        constraint: String? = nil,
        table: String? = nil,
        column: String? = nil,
        message: String = ""
    ) {
        self.code = code
        self.sqlState = sqlState
        self.constraint = constraint
        self.table = table
        self.column = column
        self.message = message
    }

    /// The database is away or overloaded: the answer is 503, and trying again later may help.
    public var isUnavailability: Bool {
        switch code {
        case .unavailable, .connectionLost, .poolExhausted, .timeout, .diskFull: true
        default: false
        }
    }
}

extension DatabaseError: CustomStringConvertible, CustomDebugStringConvertible {
    /// Codes and names of the schema: safe to show.
    public var description: String {
        var text = "database error: \(code)"
        for (label, value) in [("state", sqlState), ("constraint", constraint), ("table", table), ("column", column)] {
            if let value { text += ", \(label) \(value)" }
        }
        return text
    }

    /// The same: what the database said may quote the data it refused.
    public var debugDescription: String { description }
}
