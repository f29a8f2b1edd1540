public import Cryptography
public import JSON

/// Signs tokens (RFC 7519) with one key. It never changes, so all threads may share it.
public struct JWTSigner: Sendable {
    private enum Material {
        case secret(HMACSHA256)
        case privateKey(PrivateKey)
    }

    private let material: Material
    /// Checks what is signed here.
    public let verificationKey: JWTVerificationKey
    /// Header and dot: the same for every token.
    private let start: [UInt8]

    /// For HS256. RFC 7518 §3.2 wants 32 bytes of secret or more.
    public init(secret: HMACSHA256, keyID: String?, type: String = "JWT") {
        self.init(.secret(secret), JWTVerificationKey(secret: secret, keyID: keyID), type)
    }

    /// For RS256, ES256 or EdDSA, whichever the key is made for.
    public init(_ key: PrivateKey, keyID: String?, type: String = "JWT") {
        self.init(.privateKey(key), JWTVerificationKey(key.publicKey, keyID: keyID), type)
    }

    private init(_ material: Material, _ key: JWTVerificationKey, _ type: String) {
        self.material = material
        verificationKey = key
        start = JWTHeader(algorithm: key.algorithm, keyID: key.keyID, type: type).segment + [JWTSyntax.dot]
    }

    public var algorithm: JWTAlgorithm { verificationKey.algorithm }
    public var keyID: String? { verificationKey.keyID }

    /// The token with these claims; they must be a JSON object.
    ///
    /// With a secret it can not fail and takes a microsecond or two. Key pairs take longer: 20 to 50 µs with P-256 and
    /// Ed25519, 230 with RSA of 2048 bits, 3,300 with 4096 (measured).
    public func sign(_ claims: some JSONWritable) throws(CryptographyError) -> String {
        let payload = claims.json
        precondition(payload.first == UInt8(ascii: "{"), "the claims of a token are an object")
        var token: [UInt8] = []
        token.reserveCapacity(start.count + Base64URL.encodedCount(payload.count) + 1 + 86)
        token += start
        Base64URL.append(payload.span, to: &token)
        switch material {
        case .secret(let secret):
            let code = secret.authenticationCode(for: token.span)
            token.append(JWTSyntax.dot)
            Base64URL.append(code.storage.span, to: &token)
        case .privateKey(let key):
            let signature = try key.sign(token.span)
            token.append(JWTSyntax.dot)
            Base64URL.append(signature.span, to: &token)
        }
        return String(decoding: token, as: UTF8.self)
    }
}
