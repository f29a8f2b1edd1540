internal import Networking

/// A failure that has a status: what handlers and middlewares of Core throw when a request can not be answered.
public struct HTTPError: Error {
    public let status: HTTPStatus
    /// For people, safe to show.
    public let reason: String
    /// What the answer's head says besides, such as Allow or Retry-After.
    public let fields: HTTPFields

    public init(_ status: HTTPStatus, _ reason: String, fields: HTTPFields = HTTPFields()) {
        self.status = status
        self.reason = reason
        self.fields = fields
    }

    /// The status of what the engine and its neighbours throw; nil for an error that nobody foresaw, which is a 500.
    public init?(describing error: any Error) {
        switch error {
        case let error as HTTPError:
            self = error
        case let error as HTTPParseError:
            self.init(error.status, error.reason)
        case HTTPBodyError.tooLarge(let limit):
            self.init(.contentTooLarge, "the content is longer than \(limit) bytes")
        case HTTPBodyError.incomplete:
            self.init(.badRequest, "the content ended early")
        case is BlockingPoolFull:
            self.init(.serviceUnavailable, "too much is waiting already", fields: [.retryAfter: "1"])
        default:
            return nil
        }
    }
}

extension HTTPError: CustomStringConvertible {
    public var description: String { "\(status.code): \(reason)" }
}
