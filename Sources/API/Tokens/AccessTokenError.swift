internal import Tokens

/// Why an access token is not accepted.
enum AccessTokenError: Error, Equatable, Sendable {
    /// It was good in every other way: a new one helps.
    case expired
    case invalid(JWTError)
    /// The keys were never reached, so nobody can tell.
    case unavailable
}

extension AccessTokenError: CustomStringConvertible {
    /// Holds nothing of the token: safe to show.
    var description: String {
        switch self {
        case .expired: "the token has expired"
        case .invalid(let error): error.description
        case .unavailable: "the keys that tokens are checked with are not available"
        }
    }
}
