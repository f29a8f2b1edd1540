/// Reads the members of a request body by their names, and keeps what is wrong with each instead of stopping at the
/// first, so that one answer can tell it all:
///
/// ```swift
/// var fields = try JSONObjectReader(parsing: body)
/// let username = fields.string("username")
/// let email = fields.optionalString("email")
/// let password = fields.string("password")
/// guard let username, let password, fields.problems.isEmpty else { throw InvalidFields(fields.problems) }
/// ```
///
/// There are three ways to ask. `string` needs the member: nil means that `problems` has one more. `optionalString` takes
/// a missing member and null for nil. `changedString` is for PATCH, where the two are different.
public struct JSONObjectReader: Sendable {
    private let object: JSONObject
    /// Which members were asked for.
    private var isAsked: [Bool]
    /// Behind the member that was found last. Most bodies have their members in the order they are asked for.
    private var next = 0

    /// What is wrong so far, in the order of the questions.
    public private(set) var problems: [JSONFieldProblem] = []

    public init(_ object: JSONObject) {
        self.object = object
        isAsked = Array(repeating: false, count: object.members.count)
    }

    /// Throws when the bytes are not one JSON object: then there is no field to blame.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.init(try JSONObject(parsing: bytes, limits: limits))
    }

    /// The names nobody asked for. They are the peer's words.
    public var remainingNames: [String] {
        zip(object.members, isAsked).filter { !$0.1 }.map(\.0.name)
    }
}

extension JSONObjectReader {
    mutating func required<Value: JSONReadable>(_ name: String) -> Value? {
        switch look(for: name) {
        case .some(.null): refuse(name, .null)
        case .some(let value): read(value, name)
        case .none: refuse(name, .missing)
        }
    }

    mutating func optional<Value: JSONReadable>(_ name: String) -> Value? {
        switch look(for: name) {
        case .none, .some(.null): nil
        case .some(let value): read(value, name)
        }
    }

    mutating func changed<Value: JSONReadable>(_ name: String, _ isClearable: Bool) -> JSONChange<Value> {
        switch look(for: name) {
        case .none: return .unchanged
        case .some(.null) where isClearable: return .cleared
        case .some:
            guard let value: Value = required(name) else { return .unchanged }
            return .set(value)
        }
    }

    private mutating func look(for name: String) -> JSONValue? {
        guard let index = object.index(of: name, from: next) else { return nil }
        isAsked[index] = true
        next = index + 1
        return object.members[index].value
    }

    private mutating func read<Value: JSONReadable>(_ value: JSONValue, _ name: String) -> Value? {
        Value(reading: value) ?? refuse(name, .wrongType(expected: Value.fieldType))
    }

    private mutating func refuse<Value>(_ name: String, _ reason: JSONFieldProblem.Reason) -> Value? {
        problems.append(JSONFieldProblem(name: name, reason: reason))
        return nil
    }
}
