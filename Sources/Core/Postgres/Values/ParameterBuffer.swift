internal import Database
internal import Linux

/// The parameters of a statement in the shape that libpq wants them: one piece of memory, used again for each statement.
struct ParameterBuffer {
    /// The type of each, by its identifier; 0 lets the server decide.
    private(set) var types: [UInt32] = []
    private var bytes: [UInt8] = []
    /// Where each begins; nil for NULL.
    private var offsets: [Int?] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    /// Binary where the type is certain. Text goes as text of no type, so that the server makes of it what stands there:
    /// json, inet, citext, an enumeration.
    mutating func encode(_ values: [DatabaseValue]) throws(DatabaseError) {
        // The protocol counts them in 16 bits.
        guard values.count <= 65_535 else {
            throw DatabaseError(.other, sqlState: "54023", message: "a statement has too many parameters")
        }
        types.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        // A null pointer means NULL, so even an empty value needs an address.
        bytes.append(0)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for value in values { try append(value) }
    }

    private mutating func append(_ value: DatabaseValue) throws(DatabaseError) {
        let start = bytes.count
        switch value {
        case .null: return add(type: 0, start: nil, isBinary: false)
        case .boolean(let value):
            bytes.append(value ? 1 : 0)
            add(type: 16, start: start)
        case .integer(let value):
            append(UInt64(bitPattern: value))
            add(type: 20, start: start)
        case .real(let value):
            append(value.bitPattern)
            add(type: 701, start: start)
        case .text(let value):
            // The server knows no text with a zero in it, and to libpq text ends there.
            guard !value.utf8.contains(0) else {
                throw DatabaseError(.other, sqlState: "22021", message: "a text parameter holds a zero byte")
            }
            bytes.append(contentsOf: value.utf8)
            bytes.append(0)
            add(type: 0, start: start, isBinary: false)
        case .bytes(let value):
            bytes.append(contentsOf: value)
            add(type: 17, start: start)
        case .uuid(let value):
            append(value.high)
            append(value.low)
            add(type: 2950, start: start)
        case .time(let value):
            // What the server holds ends in the year 294276; further out the arithmetic would overflow.
            guard value.seconds.magnitude < 9_000_000_000_000 else {
                throw DatabaseError(.other, sqlState: "22008", message: "a time parameter is out of range")
            }
            append(UInt64(bitPattern: value.microseconds - PostgresEpoch.microseconds))
            add(type: 1184, start: start)
        }
    }

    private mutating func append(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func add(type: UInt32, start: Int?, isBinary: Bool = true) {
        types.append(type)
        offsets.append(start)
        lengths.append(CInt(clamping: start.map { bytes.count - $0 } ?? 0))
        formats.append(isBinary ? 1 : 0)
    }

    /// Lends values, lengths and formats for the time of the call.
    mutating func withPointers<Result>(_ body: ([UnsafePointer<CChar>?], [CInt], [CInt]) -> Result) -> Result {
        var values = pointers
        pointers = []
        values.removeAll(keepingCapacity: true)
        defer { pointers = values }
        return bytes.withUnsafeBytes { raw in
            guard let base = raw.assumingMemoryBound(to: CChar.self).baseAddress else {
                preconditionFailure("the buffer is never empty")
            }
            for offset in offsets { values.append(offset.map { base + $0 }) }
            return body(values, lengths, formats)
        }
    }
}
