internal import Cryptography
internal import HTTPEngine
internal import JSON
internal import Tokens

/// The keys in force at one time. It never changes; when keys change, there is a new one.
struct KeySet: Sendable {
    let signer: JWTSigner
    let verifier: JWTVerifier
    /// The keys that others verify with, as JSON (RFC 7517 §5); none of them for HS256.
    let json: [UInt8]
    let entityTag: EntityTag?

    /// `others` do not sign, and what they signed is accepted.
    init(_ signer: JWTSigner, others: [JWTVerificationKey] = [], _ settings: TokenSettings) {
        let keys = [signer.verificationKey] + others
        self.signer = signer
        verifier = JWTVerifier(
            keys: keys,
            expecting: JWTExpectations(issuer: settings.issuer, audience: settings.audience)
        )
        let published = keys.compactMap { key in
            key.publicKey.map { JWK($0, keyID: key.keyID ?? $0.webKey.thumbprint) }
        }
        json = JWKSet(published).json
        let digest = SHA256.hash(json)
        entityTag = EntityTag(opaque: Base64URL.encode(digest.span))
    }
}
