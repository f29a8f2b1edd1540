/// One command with its arguments.
public struct RedisCommand: Sendable {
    public enum Argument: Sendable {
        case string(String)
        /// Two texts that are one argument: a key with the prefix that all keys have.
        case joined(String, String)
        case bytes([UInt8])
        case integer(Int)
    }

    let name: String
    let arguments: [Argument]
    /// Whether doing it twice is as good as once, so that it may be sent again when its connection broke.
    let isRepeatable: Bool

    /// - Parameter isRepeatable: only for commands that change nothing, such as GET, MGET, EXISTS and PING.
    public init(_ name: String, _ arguments: [Argument] = [], isRepeatable: Bool = false) {
        self.name = name
        self.arguments = arguments
        self.isRepeatable = isRepeatable
    }

    /// The bytes of the name and the arguments, for bounds: what the protocol adds is not counted.
    var size: Int { arguments.reduce(name.utf8.count) { $0 + $1.size } }
}

extension RedisCommand.Argument {
    var size: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .joined(let first, let second): first.utf8.count + second.utf8.count
        case .bytes(let bytes): bytes.count
        case .integer: 20
        }
    }
}

extension RedisCommand.Argument: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .string(value) }

    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension RedisCommand: CustomStringConvertible, CustomDebugStringConvertible {
    /// The name alone: arguments hold keys, values and passwords.
    public var description: String { name }

    public var debugDescription: String { description }
}
