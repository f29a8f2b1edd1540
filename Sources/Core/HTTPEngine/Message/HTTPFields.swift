internal import Text

/// Header fields in the order they were added.
///
/// All names and values lie in one array of bytes, with a table of where each begins: reading a head costs one copy and
/// adding a field no allocation of its own. Values are bytes, as they are on the wire; whoever wants text asks for it.
public struct HTTPFields: Sendable {
    struct Entry: Sendable {
        var nameStart: UInt32
        var nameLength: UInt32
        var valueStart: UInt32
        var valueLength: UInt32
    }

    var bytes: [UInt8]
    var entries: [Entry]

    public init() {
        bytes = []
        entries = []
    }

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }

    /// Makes room once for what is about to be added.
    public mutating func reserveCapacity(fields: Int, bytes byteCount: Int) {
        entries.reserveCapacity(entries.count + fields)
        bytes.reserveCapacity(bytes.count + byteCount)
    }

    /// Empties it, and keeps its memory for the next head unless somebody else holds a copy.
    mutating func removeAllKeepingCapacity() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }
}

/// Adding and removing.
extension HTTPFields {
    /// Adds a field behind those of the same name.
    ///
    /// The value must be free of CR, LF and NUL: a value with one would end the field and begin what the caller never
    /// meant. Values from outside are checked where they come in; one that still gets here is a mistake of ours, and is
    /// stopped.
    public mutating func append(_ name: HTTPFieldName, _ value: some StringProtocol) {
        let nameStart = bytes.count
        bytes.append(contentsOf: name.text.utf8)
        let valueStart = bytes.count
        bytes.append(contentsOf: value.utf8)
        finishEntry(nameStart: nameStart, valueStart: valueStart)
    }

    /// Adds a field whose value is a decimal number, without making a string of it.
    public mutating func append(_ name: HTTPFieldName, decimal value: Int) {
        let nameStart = bytes.count
        bytes.append(contentsOf: name.text.utf8)
        let valueStart = bytes.count
        bytes.append(decimal: value)
        finishEntry(nameStart: nameStart, valueStart: valueStart)
    }

    private mutating func finishEntry(nameStart: Int, valueStart: Int) {
        precondition(isFieldValue(from: valueStart), "a field value holds a control character")
        entries.append(
            Entry(
                nameStart: UInt32(nameStart),
                nameLength: UInt32(valueStart - nameStart),
                valueStart: UInt32(valueStart),
                valueLength: UInt32(bytes.count - valueStart)
            )
        )
    }

    private func isFieldValue(from start: Int) -> Bool {
        let value = bytes.span.extracting(start...)
        for index in value.indices where !ASCII.isFieldValue(value[index]) { return false }
        return true
    }

    /// Adds all fields of another list, in one copy of its bytes.
    public mutating func append(contentsOf other: HTTPFields) {
        let shift = UInt32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        for entry in other.entries {
            var shifted = entry
            shifted.nameStart += shift
            shifted.valueStart += shift
            entries.append(shifted)
        }
    }

    /// Replaces every field of the name by one.
    public mutating func set(_ name: HTTPFieldName, _ value: some StringProtocol) {
        remove(name)
        append(name, value)
    }

    /// Removes every field of the name. Its bytes stay behind until the list goes.
    public mutating func remove(_ name: HTTPFieldName) {
        guard contains(name) else { return }
        let fields = self
        entries.removeAll { fields.matches($0, name) }
    }
}

/// Looking up.
extension HTTPFields {
    public func contains(_ name: HTTPFieldName) -> Bool { entries.contains { matches($0, name) } }

    public func count(of name: HTTPFieldName) -> Int {
        entries.reduce(0) { matches($1, name) ? $0 + 1 : $0 }
    }

    /// The first value of the name, as text. Bytes that are not UTF-8 become U+FFFD.
    public subscript(name: HTTPFieldName) -> String? {
        entries.first { matches($0, name) }.map(text)
    }

    /// The value of a field that may stand once: nil when it is missing, and when it stands more often than that.
    public func single(_ name: HTTPFieldName) -> String? {
        singleBytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same as it is on the wire, without a copy.
    public func singleBytes(_ name: HTTPFieldName) -> ArraySlice<UInt8>? {
        guard let index = entries.firstIndex(where: { matches($0, name) }),
            !entries[(index + 1)...].contains(where: { matches($0, name) })
        else { return nil }
        return valueBytes(entries[index])
    }

    /// All values of the name, in order.
    public func values(_ name: HTTPFieldName) -> [String] {
        entries.filter { matches($0, name) }.map(text)
    }

    /// The elements of a list field over all its lines, without the white space around them (RFC 9110 §5.6.1). For
    /// fields whose elements hold no quoted commas.
    public func list(_ name: HTTPFieldName) -> [String] {
        values(name).flatMap { $0.split(at: UInt8(ascii: ",")) }
            .map { String($0.trimmingWhitespace) }
            .filter { !$0.isEmpty }
    }

    /// Every field as text, for tests and listings.
    public var pairs: [(name: String, value: String)] {
        entries.map { entry in
            (String(decoding: nameBytes(entry), as: UTF8.self), text(entry))
        }
    }

    func text(_ entry: Entry) -> String { String(decoding: valueBytes(entry), as: UTF8.self) }

    func valueBytes(_ entry: Entry) -> ArraySlice<UInt8> {
        bytes[Int(entry.valueStart)..<Int(entry.valueStart + entry.valueLength)]
    }

    func nameBytes(_ entry: Entry) -> ArraySlice<UInt8> {
        bytes[Int(entry.nameStart)..<Int(entry.nameStart + entry.nameLength)]
    }

    @inline(__always)
    func matches(_ entry: Entry, _ name: HTTPFieldName) -> Bool {
        let wanted = name.text.utf8Span.span
        guard Int(entry.nameLength) == wanted.count else { return false }
        let start = Int(entry.nameStart)
        let held = bytes.span
        for index in wanted.indices where ASCII.lowercased(held[start + index]) != ASCII.lowercased(wanted[index]) {
            return false
        }
        return true
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (HTTPFieldName, String)...) {
        self.init()
        // Room for what the middlewares add to a response as well, so that it does not grow step by step.
        reserveCapacity(fields: elements.count + 12, bytes: elements.count * 32 + 640)
        for (name, value) in elements { append(name, value) }
    }
}

extension HTTPFields: Equatable {
    /// The same names and values in the same order; names compare without case.
    public static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.count == right.count
            && zip(left.pairs, right.pairs).allSatisfy {
                HTTPFieldName(validating: $0.name) == HTTPFieldName(validating: $1.name) && $0.value == $1.value
            }
    }
}
