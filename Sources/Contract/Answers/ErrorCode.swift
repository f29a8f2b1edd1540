public import HTTPEngine

/// What went wrong, for programs: the `code` of an error answer.
public enum ErrorCode: String, CaseIterable, Sendable {
    case authenticationError = "AUTHENTICATION_ERROR"
    case authorizationError = "AUTHORIZATION_ERROR"
    case notFound = "NOT_FOUND"
    case validationError = "VALIDATION_ERROR"
    case conflict = "CONFLICT"
    case rateLimitExceeded = "RATE_LIMIT_EXCEEDED"
    /// The token was good once: a refresh gives the next.
    case tokenExpired = "TOKEN_EXPIRED"
    /// The token is none of ours, of another kind, or was revoked: only a sign-in helps.
    case invalidToken = "INVALID_TOKEN"
    case inactiveUser = "INACTIVE_USER"
    case sessionLimitExceeded = "SESSION_LIMIT_EXCEEDED"
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

    /// What an answer with this code has for its status. A request that is not even well-formed has the code of one
    /// whose fields are wrong, and a status of its own.
    public var status: HTTPStatus {
        switch self {
        case .authenticationError, .tokenExpired, .invalidToken: .unauthorized
        case .authorizationError, .inactiveUser: .forbidden
        case .notFound: .notFound
        case .validationError: .unprocessableContent
        case .conflict, .sessionLimitExceeded: .conflict
        case .rateLimitExceeded: .tooManyRequests
        case .serviceUnavailable: .serviceUnavailable
        case .internalError: .internalServerError
        }
    }
}
