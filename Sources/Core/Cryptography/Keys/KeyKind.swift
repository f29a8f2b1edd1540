/// The kinds of key pairs that are used here.
public enum KeyKind: Hashable, Sendable {
    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256 (RS256).
    case rsa(bits: Int)
    /// The curve secp256r1. Signs with ECDSA and SHA-256 (ES256).
    case p256
    /// Signs with EdDSA (RFC 8032).
    case ed25519

    /// Smaller RSA keys can be broken (RFC 7518 §3.3 asks for 2048 bits); with larger ones a signature takes too long.
    public static let rsaSizes = 2048...8192
}

extension KeyKind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .rsa(let bits): "RSA with \(bits) bits"
        case .p256: "P-256"
        case .ed25519: "Ed25519"
        }
    }
}
