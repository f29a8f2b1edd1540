public import Linux
public import Networking

/// Why a request got no answer.
public enum HTTPClientError: Error, Equatable, Sendable {
    case nameNotResolved(NameResolutionError)
    /// No connection could be made: the request was not sent.
    case notConnected(StreamError)
    /// All connections to the origin are in use, and so are the places in the queue: the request was not sent.
    case overloaded
    /// The time for the exchange is over. Whether the request was carried out is unknown.
    case timedOut
    /// The connection ended before the answer did. Whether the request was carried out is unknown.
    case connectionLost
    case malformedResponse(HTTPParseError)
    case cancelled
}

extension HTTPClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nameNotResolved(let error): error.description
        case .notConnected(let error): "no connection: \(error)"
        case .overloaded: "too many requests are waiting for a connection"
        case .timedOut: "the exchange took too long"
        case .connectionLost: "the connection ended before the answer did"
        case .malformedResponse(let error): "the answer is malformed: \(error.reason)"
        case .cancelled: "the request was cancelled"
        }
    }
}
