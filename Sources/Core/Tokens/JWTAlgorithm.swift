public import Cryptography

/// How a token is signed (RFC 7518 §3.1, RFC 8037 §3.1). There is no `none`.
public enum JWTAlgorithm: String, CaseIterable, Sendable {
    case hs256 = "HS256"
    case rs256 = "RS256"
    case es256 = "ES256"
    case edDSA = "EdDSA"

    /// The one algorithm for a kind of key. That a key is never used with another one is what stops tokens in which a
    /// stranger has swapped the algorithm.
    public init(_ kind: KeyKind) {
        switch kind {
        case .rsa: self = .rs256
        case .p256: self = .es256
        case .ed25519: self = .edDSA
        }
    }
}
