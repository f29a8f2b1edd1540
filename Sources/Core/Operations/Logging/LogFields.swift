/// The fields of a log line, in the order they were written: `["status": 200, "bytes": .integer(count)]`.
///
/// Keys are snake_case. A key that is a literal costs no allocation, so there is no second kind of key for literals. A
/// key that is given twice is shown twice.
public struct LogFields: Sendable {
    /// Without labels: a literal arrives as just this array, and labels would make the runtime convert every element.
    private(set) var elements: [(String, LogValue)]

    public init() { elements = [] }

    /// Adds a field at the end.
    public mutating func append(_ key: String, _ value: LogValue) { elements.append((key, value)) }
}

extension LogFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, LogValue)...) { self.elements = elements }
}
