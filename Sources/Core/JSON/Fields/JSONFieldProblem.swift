/// What is wrong with one member of a request body, before its value is looked at.
public struct JSONFieldProblem: Equatable, Sendable {
    public enum Reason: Equatable, Sendable {
        case missing
        /// There, but null, where null means nothing.
        case null
        case wrongType(expected: JSONFieldType)
    }

    /// The name the program asked for: no word of the peer's is in it.
    public let name: String
    public let reason: Reason

    public init(name: String, reason: Reason) {
        self.name = name
        self.reason = reason
    }
}

/// What the value of a member can be asked to be.
public enum JSONFieldType: Equatable, Sendable {
    case string
    case boolean
    case integer
    case number
    case strings
    case object
}

extension JSONFieldProblem.Reason: CustomStringConvertible {
    /// To be read behind the name of the field.
    public var description: String {
        switch self {
        case .missing: "is required"
        case .null: "must not be null"
        case .wrongType(.string): "must be a string"
        case .wrongType(.boolean): "must be true or false"
        case .wrongType(.integer): "must be a whole number"
        case .wrongType(.number): "must be a number"
        case .wrongType(.strings): "must be a list of strings"
        case .wrongType(.object): "must be an object"
        }
    }
}

extension JSONFieldProblem: CustomStringConvertible {
    public var description: String { "\(name) \(reason)" }
}
