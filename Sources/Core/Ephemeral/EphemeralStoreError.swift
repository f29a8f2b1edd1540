/// Why a store that may vanish did not answer.
public struct EphemeralStoreError: Error, Equatable, Sendable {
    public enum Code: Equatable, Sendable {
        /// It can not be reached. The command was not carried out.
        case unavailable
        /// The connection broke while the command was under way: whether it was carried out is unknown.
        case fateUnknown
        case timeout
        /// Too many commands wait already.
        case overloaded
        /// It refused: wrong type, out of memory, no permission.
        case refused
        /// It answered what the command never answers.
        case unexpectedReply
        case cancelled
    }

    public let code: Code
    /// The first word of an error reply, such as WRONGTYPE or OOM; the rest may quote data.
    public let kind: String?

    public init(_ code: Code, kind: String? = nil) {
        self.code = code
        self.kind = kind
    }
}

extension EphemeralStoreError: CustomStringConvertible {
    public var description: String { "store error: \(code)" + (kind.map { ", \($0)" } ?? "") }
}
