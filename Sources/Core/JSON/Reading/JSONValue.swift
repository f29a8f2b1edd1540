/// A JSON document, or a part of one (RFC 8259 §3).
public enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// A number that was written without fraction and exponent and fits.
    case integer(Int64)
    /// Any other number; always finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// Reads one document. Strict where RFC 8259 leaves a choice: valid UTF-8 without a byte order mark, no name twice
    /// in an object, no half surrogate pairs, no number beyond a Double, and nothing behind the value but white space.
    ///
    /// The time it takes and the memory it needs grow with the length of the bytes, whatever they are.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var parser = JSONParser(limits: limits)
        self = try parser.document(bytes)
    }

    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: bytes.span, limits: limits)
    }
}

extension JSONValue {
    public var isNull: Bool { self == .null }

    public var boolean: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    /// The number, when it is whole. `1.0` and `1e2` are whole numbers too; beyond 2⁵³ a Double no longer tells whether
    /// it is the number that was written, so there only digits count.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value) where value.magnitude <= 0x1p53: Int64(exactly: value)
        default: nil
        }
    }

    /// The number; the nearest Double of an integer beyond 2⁵³.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    public var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// Whether a string or a name in it holds U+0000.
    public var containsNUL: Bool {
        switch self {
        case .null, .boolean, .integer, .number: false
        case .string(let text): text.utf8.contains(0)
        case .array(let elements): elements.contains(where: \.containsNUL)
        case .object(let object): object.members.contains { $0.name.utf8.contains(0) || $0.value.containsNUL }
        }
    }
}

extension JSONValue: CustomStringConvertible, CustomDebugStringConvertible {
    /// The shape without the data, for a body may hold a password: safe to show.
    public var description: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string(let text): "string of \(text.utf8.count) bytes"
        case .array(let elements): "array of \(elements.count)"
        case .object(let object): object.description
        }
    }

    /// The same.
    public var debugDescription: String { description }
}
