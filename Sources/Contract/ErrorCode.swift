public import HTTPEngine

/// What went wrong, for programs: the `code` of an error answer.
public enum ErrorCode: String, Sendable {
    case authenticationError = "AUTHENTICATION_ERROR"
    case authorizationError = "AUTHORIZATION_ERROR"
    case notFound = "NOT_FOUND"
    case validationError = "VALIDATION_ERROR"
    case conflict = "CONFLICT"
    case rateLimitExceeded = "RATE_LIMIT_EXCEEDED"
    case serviceUnavailable = "SERVICE_UNAVAILABLE"
    case internalError = "INTERNAL_ERROR"

    /// The code for a failure of which no more than the status is known.
    public init(_ status: HTTPStatus) {
        switch status.code {
        case 401: self = .authenticationError
        case 403: self = .authorizationError
        case 404: self = .notFound
        case 409: self = .conflict
        case 429: self = .rateLimitExceeded
        case 503: self = .serviceUnavailable
        case 400..<500: self = .validationError
        default: self = .internalError
        }
    }
}
