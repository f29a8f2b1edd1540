import Text

@testable public import JSON

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

    /// The names must differ.
    init(_ members: [(name: String, value: JSONValue)]) {
        self.init(members: members.map { Member(name: $0.name, value: $0.value) })
    }
}

extension JSONValue {
    /// Stricter than ==, which takes texts of the same characters and zeros of either sign for equal.
    func hasSameBytes(as other: JSONValue) -> Bool { self == other && json == other.json }
}
