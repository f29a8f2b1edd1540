internal import JSON
internal import Linux

/// Reads the fields of an answer by their names, for who called. Fields nobody asks for are passed over: an answer may
/// grow before its reader does.
public struct AnswerReader {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func string(_ name: String) throws(UnexpectedAnswer) -> String { try need(name) { $0.string } }

    func boolean(_ name: String) throws(UnexpectedAnswer) -> Bool { try need(name) { $0.boolean } }

    func integer(_ name: String) throws(UnexpectedAnswer) -> Int { try need(name) { $0.integer.flatMap(Int.init) } }

    func time(_ name: String) throws(UnexpectedAnswer) -> WallTime {
        try need(name) { $0.string.flatMap(WallTime.init(rfc3339:)) }
    }

    func object(_ name: String) throws(UnexpectedAnswer) -> JSONObject { try need(name) { $0.object } }

    func body<Body: AnswerBody>(_ name: String) throws(UnexpectedAnswer) -> Body {
        try Body(reading: AnswerReader(try object(name)))
    }

    func list<Body: AnswerBody>(_ name: String) throws(UnexpectedAnswer) -> [Body] {
        try need(name) { $0.array }.map { (element) throws(UnexpectedAnswer) in
            guard let object = element.object else { throw UnexpectedAnswer(name) }
            return try Body(reading: AnswerReader(object))
        }
    }

    func strings(_ name: String) throws(UnexpectedAnswer) -> [String] {
        try need(name) { $0.array }.map { (element) throws(UnexpectedAnswer) in
            guard let text = element.string else { throw UnexpectedAnswer(name) }
            return text
        }
    }

    /// The names of all fields, in their order.
    var names: [String] { object.members.map(\.name) }

    /// Takes a missing field and null for nil.
    func ifPresent<Value>(
        _ name: String,
        _ read: (String) throws(UnexpectedAnswer) -> Value
    ) throws(UnexpectedAnswer) -> Value? {
        guard let value = object[name], !value.isNull else { return nil }
        return try read(name)
    }

    private func need<Value>(
        _ name: String,
        _ read: (JSONValue) -> Value?
    ) throws(UnexpectedAnswer) -> Value {
        guard let value = object[name].flatMap(read) else { throw UnexpectedAnswer(name) }
        return value
    }
}

/// An answer that is not what the operation promises: whoever answered is not the API, or of another version.
public struct UnexpectedAnswer: Error, Equatable, Sendable {
    /// The field that is missing or of another type; nil when the answer is no JSON object at all.
    public let field: String?

    init(_ field: String?) { self.field = field }
}

extension UnexpectedAnswer: CustomStringConvertible {
    public var description: String {
        field.map { "the field \($0) of the answer is not as promised" } ?? "the answer is not a JSON object"
    }
}
