import JSON

/// JSON as a scenario writes it down: `["username": "ada", "is_admin": false]`.
enum Content: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case string(String)
    case array([Content])
    /// In the order in which it is written, names twice if they are.
    case object([(name: String, value: Content)])
    /// Something else than JSON, or JSON that nobody else would write.
    case raw([UInt8])

    static func raw(_ text: String) -> Content { .raw(Array(text.utf8)) }
}

extension Content: JSONWritable {
    func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .string(let value): writer.string(value)
        case .array(let values): writer.array { writer in for value in values { value.write(to: &writer) } }
        case .object(let members):
            writer.object { object in for (name, value) in members { object.member(name, value) } }
        case .raw: preconditionFailure("what is no JSON stands alone")
        }
    }

    var bytes: [UInt8] {
        if case .raw(let bytes) = self { return bytes }
        return json
    }

    /// The same object with another value for one name, or with one name more.
    func with(_ name: String, _ value: Content) -> Content {
        guard case .object(var members) = self else { return self }
        members.removeAll { $0.name == name }
        return .object(members + [(name, value)])
    }

    func without(_ name: String) -> Content {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}

extension Content: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    init(nilLiteral: ()) { self = .null }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
}

extension Content: ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(arrayLiteral elements: Content...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, Content)...) { self = .object(elements.map { ($0, $1) }) }
}
