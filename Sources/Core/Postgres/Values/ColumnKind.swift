internal import Database
internal import Linux

/// How the values of a column arrive in binary, by the identifier of its type (pg_type.dat).
enum ColumnKind {
    case boolean, int16, int32, int64, objectIdentifier, float32, float64
    case text, bytes, uuid, timestamp, date, jsonBinary, network
    /// An enumeration, `citext` or another type of an extension. Text in most cases: what holds a zero byte is not.
    case userDefined
    case unsupported

    init(type: UInt32) {
        self =
            switch type {
            case 16: .boolean
            case 21: .int16
            case 23: .int32
            case 20: .int64
            case 26: .objectIdentifier
            case 700: .float32
            case 701: .float64
            // "char", name, text, json, xml, unknown, bpchar, varchar, and void, which is empty.
            case 18, 19, 25, 114, 142, 705, 1042, 1043, 2278: .text
            case 17: .bytes
            case 2950: .uuid
            // Without a time zone it is read as UTC, which is the zone of every session.
            case 1114, 1184: .timestamp
            case 1082: .date
            case 3802: .jsonBinary
            case 869, 650: .network
            // > OIDs assigned during normal database operation are constrained to be 16384 or higher.
            case 16_384...: .userDefined
            default: .unsupported
            }
    }

    /// Nil for what can not be read: an infinite time, text that is not UTF-8.
    func decode(_ bytes: UnsafeRawBufferPointer) -> DatabaseValue? {
        switch self {
        case .boolean: bytes.count == 1 ? .boolean(bytes[0] != 0) : nil
        case .int16: integer(bytes, Int16.self).map { .integer(Int64($0)) }
        case .int32: integer(bytes, Int32.self).map { .integer(Int64($0)) }
        case .int64: integer(bytes, Int64.self).map { .integer($0) }
        case .objectIdentifier: integer(bytes, UInt32.self).map { .integer(Int64($0)) }
        case .float32: integer(bytes, UInt32.self).map { .real(Double(Float(bitPattern: $0))) }
        case .float64: integer(bytes, UInt64.self).map { .real(Double(bitPattern: $0)) }
        case .text: String(validating: bytes, as: UTF8.self).map { .text($0) }
        case .userDefined: bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self).map { .text($0) }
        case .bytes: .bytes(Array(bytes))
        case .uuid: uuid(bytes)
        case .timestamp: timestamp(bytes)
        case .date: date(bytes)
        case .jsonBinary: bytes.first == 1 ? ColumnKind.text.decode(UnsafeRawBufferPointer(rebasing: bytes[1...])) : nil
        case .network: network(bytes)
        case .unsupported: nil
        }
    }

    /// Most significant byte first, as everything in the protocol is.
    private func integer<Value: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: Value.Type) -> Value? {
        guard bytes.count == MemoryLayout<Value>.size else { return nil }
        return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
    }

    private func uuid(_ bytes: UnsafeRawBufferPointer) -> DatabaseValue? {
        guard bytes.count == 16 else { return nil }
        return .uuid(
            UUID(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        )
    }

    /// Microseconds since 2000. The two ends stand for the infinities, which no clock of ours answers.
    private func timestamp(_ bytes: UnsafeRawBufferPointer) -> DatabaseValue? {
        guard let value = integer(bytes, Int64.self), value != .max, value != .min else { return nil }
        let (microseconds, overflow) = value.addingReportingOverflow(PostgresEpoch.microseconds)
        return overflow ? nil : .time(WallTime(microseconds: microseconds))
    }

    /// Days since 2000, answered as `2026-01-15`.
    private func date(_ bytes: UnsafeRawBufferPointer) -> DatabaseValue? {
        guard let days = integer(bytes, Int32.self), days != .max, days != .min else { return nil }
        let time = WallTime(seconds: PostgresEpoch.seconds + Int64(days) * 86_400)
        guard (0...9_999).contains(CivilTime(time).year) else { return nil }
        return .text(String(time.rfc3339.prefix(10)))
    }

    /// Family, length of the mask, whether it is a network, length of the address, the address; answered as text.
    private func network(_ bytes: UnsafeRawBufferPointer) -> DatabaseValue? {
        guard bytes.count >= 4, bytes.count == 4 + Int(bytes[3]), bytes[3] == 4 || bytes[3] == 16 else { return nil }
        let isWhole = Int(bytes[1]) == 8 * Int(bytes[3]) && bytes[2] == 0
        guard let address = IPAddress(bytes: Array(bytes[4...])) else { return nil }
        return .text(isWhole ? "\(address)" : "\(address)/\(bytes[1])")
    }
}

/// Where the server's times begin: 2000-01-01, 00:00 UTC.
enum PostgresEpoch {
    static let seconds: Int64 = 946_684_800
    static let microseconds = seconds * 1_000_000
}
