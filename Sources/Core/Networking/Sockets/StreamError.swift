public import Linux

/// Why a stream could not be read, written or opened.
public enum StreamError: Error, Equatable, Sendable {
    /// The deadline of the stream has passed.
    case timedOut
    /// The stream was closed from this side.
    case closed
    case system(SystemError)
}

extension StreamError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .timedOut: "the deadline has passed"
        case .closed: "the stream was closed"
        case .system(let error): error.description
        }
    }
}
