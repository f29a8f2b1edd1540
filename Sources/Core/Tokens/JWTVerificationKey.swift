public import Cryptography

/// A key that tells whether a token is genuine, with the one algorithm it is used for.
public struct JWTVerificationKey: Sendable {
    private enum Material {
        case secret(HMACSHA256)
        case publicKey(PublicKey)
    }

    public let algorithm: JWTAlgorithm
    /// What tokens call it in `kid`.
    public let keyID: String?
    private let material: Material

    /// For HS256. RFC 7518 §3.2 wants 32 bytes of secret or more.
    public init(secret: HMACSHA256, keyID: String?) {
        algorithm = .hs256
        self.keyID = keyID
        material = .secret(secret)
    }

    /// For RS256, ES256 or EdDSA, whichever the key is made for.
    public init(_ key: PublicKey, keyID: String?) {
        algorithm = JWTAlgorithm(key.kind)
        self.keyID = keyID
        material = .publicKey(key)
    }

    /// The half that may be published; nil for a secret.
    public var publicKey: PublicKey? {
        guard case .publicKey(let key) = material else { return nil }
        return key
    }

    func isValid(_ signature: Span<UInt8>, for content: Span<UInt8>) -> Bool {
        switch material {
        case .secret(let secret):
            let code = secret.authenticationCode(for: content)
            return ConstantTime.areEqual(signature, code.storage.span)
        case .publicKey(let key): return key.isValid(signature, for: content)
        }
    }
}
