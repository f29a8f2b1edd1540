public import Ephemeral

/// One reply of the server.
public enum RedisReply: Equatable, Sendable {
    /// A status such as OK.
    case simple(String)
    /// `kind` is the first word, such as WRONGTYPE; `message` is what follows it, and may quote data.
    case error(kind: String, message: String)
    case integer(Int)
    case bulk([UInt8])
    case null
    case array([RedisReply])
}

extension RedisReply {
    /// An error reply as the error it means; any other reply as it is.
    public func checked() throws(EphemeralStoreError) -> RedisReply {
        guard case .error(let kind, _) = self else { return self }
        throw EphemeralStoreError(RedisReply.kindsOfUnavailability.contains(kind) ? .unavailable : .refused, kind: kind)
    }

    /// The server is there but can not do its work now: it is loading its data, follows a lost master, may only be
    /// read, can not save, or runs a script that does not end. In each of these it has not carried the command out.
    private static let kindsOfUnavailability: Set<String> = [
        "LOADING", "MASTERDOWN", "READONLY", "MISCONF", "NOREPLICAS", "BUSY", "TRYAGAIN", "CLUSTERDOWN",
    ]

    /// Reads `KIND message`.
    static func error(_ text: String) -> RedisReply {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        return .error(kind: parts.first.map(String.init) ?? "", message: parts.count > 1 ? String(parts[1]) : "")
    }
}

extension RedisReply: CustomStringConvertible, CustomDebugStringConvertible {
    /// The shape without the data: safe to show.
    public var description: String {
        switch self {
        case .simple: "status"
        case .error(let kind, _): "error \(kind)"
        case .integer: "integer"
        case .bulk(let bytes): "\(bytes.count) bytes"
        case .null: "null"
        case .array(let elements): "array of \(elements.count)"
        }
    }

    /// The same: replies carry what sessions and counters hold.
    public var debugDescription: String { description }
}
