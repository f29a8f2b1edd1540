/// Why a message was refused. `status` is what a server answers; the connection is closed after it, because where the
/// next message begins is no longer known.
public struct HTTPParseError: Error, Equatable, Sendable {
    public let status: HTTPStatus
    /// What was wrong, in words of ours: it holds nothing of what was sent.
    public let reason: String

    static func badRequest(_ reason: String) -> HTTPParseError { HTTPParseError(status: .badRequest, reason: reason) }
}

extension HTTPParseError: CustomStringConvertible {
    public var description: String { "\(status.code): \(reason)" }
}
