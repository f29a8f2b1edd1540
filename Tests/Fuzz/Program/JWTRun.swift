import Cryptography
import JSON
import Linux
import Tokens

/// What a verifier makes of tokens: of the input as it is, and of its lines put together as header and claims, with a
/// genuine signature, so that the readers behind the signature are reached too.
struct JWTRun {
    private static let secret = HMACSHA256(key: Array("a secret that fuzzing may know".utf8))
    private static let now = WallTime(seconds: 1_800_000_000)
    private static let verifier = JWTVerifier(
        keys: [JWTVerificationKey(secret: secret, keyID: "fuzz")],
        expecting: JWTExpectations(issuer: nil, audience: nil)
    )

    static func check(_ bytes: [UInt8]) {
        if let decoded = Base64URL.decode(bytes.span) {
            precondition(Array(Base64URL.encode(decoded.span).utf8) == bytes, "two texts stand for the same bytes")
        }
        precondition(claims(of: bytes) == nil || bytes.count <= JWTVerifier.maximumLength, "a token is too long")

        let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        let (header, payload) = (Array(parts[0]), Array(parts[1]))
        var token = Array((Base64URL.encode(header.span) + "." + Base64URL.encode(payload.span)).utf8)
        let code = secret.authenticationCode(for: token.span)
        token += Array(("." + Base64URL.encode(code.storage.span)).utf8)
        guard let claims = claims(of: token) else { return }

        guard let object = try? JSONObject(parsing: header) else { preconditionFailure("a header that is no object") }
        precondition(object["alg"] == .string("HS256") && object["typ"] == .string("JWT"), "a header that lies")
        precondition(object["kid"].map { $0 == .string("fuzz") } ?? true, "a key that is not ours")
        precondition(object["crit"] == nil, "an extension that nobody knows")
        precondition(claims.registered.expiry > now, "a token whose time is over")
        precondition(claims.object == (try? JSONObject(parsing: payload)), "claims that were not signed")
        if let last = bytes.last {
            let position = Int(last) * token.count / 256
            token[position] ^= 1
            precondition(self.claims(of: token) == nil, "an altered token is accepted")
        }
    }

    private static func claims(of token: [UInt8]) -> JWTClaims? { try? verifier.verify(token.span, at: now) }
}
