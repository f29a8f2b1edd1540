internal import Text

/// The members of an object, in the order they were written. No two have the same name.
///
/// Names are equal when their bytes are (RFC 8259 §8.3), so `é` in one character and `é` in two are different names:
/// what Swift's own comparison of strings would take for one.
public struct JSONObject: Equatable, Sendable {
    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: JSONValue

        public static func == (left: Member, right: Member) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value == right.value
        }
    }

    public let members: [Member]

    init(members: [Member]) { self.members = members }

    /// The value of the member with that name. A look along the members: objects are small, and comparing lengths rules
    /// out nearly all of them.
    public subscript(name: String) -> JSONValue? {
        index(of: name).map { members[$0].value }
    }

    /// Looks at all members, beginning with the one at `start`: who knows where it should be finds it at once.
    func index(of name: String, from start: Int = 0) -> Int? {
        for index in start..<members.count where members[index].name.hasSameBytes(as: name) { return index }
        for index in 0..<start where members[index].name.hasSameBytes(as: name) { return index }
        return nil
    }
}

extension JSONObject {
    /// Reads a document that must be an object, as request bodies and tokens are.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard case .object(let object) = try JSONValue(parsing: bytes, limits: limits) else {
            throw JSONError(.notAnObject, at: 0)
        }
        self = object
    }

    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: bytes.span, limits: limits)
    }
}

extension JSONObject: CustomStringConvertible, CustomDebugStringConvertible {
    /// The shape without the data: safe to show.
    public var description: String { "object of \(members.count)" }

    /// The same.
    public var debugDescription: String { description }
}

extension JSONObject.Member: CustomStringConvertible, CustomDebugStringConvertible {
    /// The shape without the data: safe to show.
    public var description: String { "member: \(value)" }

    /// The same.
    public var debugDescription: String { description }
}
