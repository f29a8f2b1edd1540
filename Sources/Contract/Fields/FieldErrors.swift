public import JSON

/// What is wrong with the fields of a request, in words for people: `{"email":["…"]}`. Fields keep the order in which
/// they were found wrong.
public struct FieldErrors: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
        public let name: String
        public fileprivate(set) var messages: [String]
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }

    /// What is wrong with one field; nothing for one that is right.
    public subscript(name: String) -> [String] { entries.first { $0.name == name }?.messages ?? [] }

    public mutating func add(_ name: String, _ message: String) {
        if let index = entries.firstIndex(where: { $0.name == name }) {
            entries[index].messages.append(message)
        } else {
            entries.append(Entry(name: name, messages: [message]))
        }
    }
}

extension FieldErrors: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.object { fields in
            for entry in entries { fields.member(entry.name, entry.messages) }
        }
    }
}

/// A request that is well-formed and can not be carried out as it is: 422, with what to mend beside each field.
public struct InvalidFields: Error, Equatable, Sendable {
    public let fields: FieldErrors

    public init(_ fields: FieldErrors) { self.fields = fields }

    /// One field, one reason.
    public init(_ name: String, _ message: String) {
        var fields = FieldErrors()
        fields.add(name, message)
        self.init(fields)
    }
}

extension InvalidFields: CustomStringConvertible {
    /// The number without the names, some of which may be the peer's words.
    public var description: String { "\(fields.entries.count) invalid fields" }
}
