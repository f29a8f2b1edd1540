/// Why a token was refused.
public enum JWTError: Error, Equatable, Sendable {
    /// Longer than any token is.
    case tooLong
    /// Not three parts, or a part is not what it should be.
    case malformed
    /// Of a type that does not belong here, or with extensions that must be understood.
    case wrongType
    /// Signed with a key, or by an algorithm, that is not accepted.
    case unknownKey
    case wrongSignature
    /// Claims that must be there are missing, or have the wrong type.
    case malformedClaims
    case wrongIssuer
    case wrongAudience
    case notYetValid
    /// It was good in every other way.
    case expired
}

extension JWTError: CustomStringConvertible {
    /// Holds nothing of the token: safe to show.
    public var description: String {
        switch self {
        case .tooLong: "the token is too long"
        case .malformed: "the token is malformed"
        case .wrongType: "the token is of a type that is not accepted here"
        case .unknownKey: "the token was signed with a key that is not accepted"
        case .wrongSignature: "the signature does not belong to the token"
        case .malformedClaims: "the token lacks a claim, or has one of the wrong type"
        case .wrongIssuer: "the token was issued by somebody else"
        case .wrongAudience: "the token is meant for somebody else"
        case .notYetValid: "the token is not valid yet"
        case .expired: "the token has expired"
        }
    }
}
