public import Linux

/// A value on its way into or out of a database.
///
/// Drivers answer the nearest case they have: SQLite knows neither booleans, identifiers nor times, and answers integers
/// and bytes for them. `DatabaseConvertible` evens that out.
public enum DatabaseValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case uuid(UUID)
    /// To the microsecond, which is what both databases keep.
    case time(WallTime)
}

extension DatabaseValue: CustomStringConvertible {
    /// Values are data of people: they are never printed.
    public var description: String { self == .null ? "NULL" : "****" }
}

/// A type that columns hold.
public protocol DatabaseConvertible: Sendable {
    var databaseValue: DatabaseValue { get }

    /// Nil when the value does not stand for one of these.
    init?(databaseValue: DatabaseValue)
}

extension Bool: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .boolean(self) }

    public init?(databaseValue: DatabaseValue) {
        switch databaseValue {
        case .boolean(let value): self = value
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension Int: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .integer(Int64(self)) }

    public init?(databaseValue: DatabaseValue) {
        guard case .integer(let value) = databaseValue else { return nil }
        self.init(exactly: value)
    }
}

extension Double: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .real(self) }

    public init?(databaseValue: DatabaseValue) {
        switch databaseValue {
        case .real(let value): self = value
        case .integer(let value): self.init(exactly: value)
        default: return nil
        }
    }
}

extension String: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .text(self) }

    public init?(databaseValue: DatabaseValue) {
        guard case .text(let value) = databaseValue else { return nil }
        self = value
    }
}

extension [UInt8]: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .bytes(self) }

    public init?(databaseValue: DatabaseValue) {
        guard case .bytes(let value) = databaseValue else { return nil }
        self = value
    }
}

extension UUID: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .uuid(self) }

    public init?(databaseValue: DatabaseValue) {
        switch databaseValue {
        case .uuid(let value): self = value
        case .bytes(let bytes): self.init(bytes: bytes)
        default: return nil
        }
    }
}

extension WallTime: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .time(self) }

    public init?(databaseValue: DatabaseValue) {
        switch databaseValue {
        case .time(let value): self = value
        case .integer(let microseconds): self.init(microseconds: microseconds)
        default: return nil
        }
    }
}
