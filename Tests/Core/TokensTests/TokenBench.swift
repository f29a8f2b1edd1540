import Cryptography
import JSON
import Linux

@testable import Tokens

/// Keys, claims and a time that belong together, and tokens of any shape.
enum TokenBench {
    static let now = WallTime(seconds: 1_800_000_000)
    static let secret = HMACSHA256(key: Array("a secret of thirty-two characters".utf8))
    static let expectations = JWTExpectations(issuer: "https://issuer.example", audience: "gatehouse")

    static let registered = RegisteredClaims(
        issuer: "https://issuer.example",
        subject: "0190163d-8694-739b-aea5-966c26f8ad91",
        audience: ["gatehouse"],
        expiry: WallTime(seconds: now.seconds + 900),
        notBefore: now,
        issueTime: now,
        tokenID: "0190163d-8694-739b-aea5-966c26f8ad93"
    )

    static func signer(keyID: String? = "first") -> JWTSigner { JWTSigner(secret: secret, keyID: keyID) }

    /// A key of every algorithm, each with its name as identifier.
    static func signers() throws -> [JWTSigner] {
        [
            JWTSigner(secret: secret, keyID: "HS256"),
            JWTSigner(try PrivateKey(pem: SampleKeys.rsa), keyID: "RS256"),
            JWTSigner(try PrivateKey(pem: SampleKeys.p256), keyID: "ES256"),
            JWTSigner(try PrivateKey(pem: SampleKeys.ed25519), keyID: "EdDSA"),
        ]
    }

    static func verifier(
        _ keys: [JWTVerificationKey] = [signer().verificationKey],
        expecting expectations: JWTExpectations = expectations
    ) -> JWTVerifier {
        JWTVerifier(keys: keys, expecting: expectations)
    }

    /// A token of any parts, with a genuine HS256 signature.
    static func token(
        header: String = #"{"alg":"HS256","kid":"first","typ":"JWT"}"#,
        payload: String,
        secret: HMACSHA256 = secret
    ) -> String {
        sign(encode(header) + "." + encode(payload), secret)
    }

    static func sign(_ content: String, _ secret: HMACSHA256 = secret) -> String {
        let code = secret.authenticationCode(for: content.utf8Span.span)
        return content + "." + Base64URL.encode(code.storage.span)
    }

    static func decode(_ text: String) -> [UInt8]? { Base64URL.decode(text.utf8Span.span) }

    static func encode(_ text: String) -> String { Base64URL.encode(text.utf8Span.span) }

    /// The usual claims as text, some replaced or added; nil takes one away. Values are JSON.
    static func payload(_ changes: [String: String?] = [:]) -> String {
        var members: [String: String] = [
            "iss": #""https://issuer.example""#, "aud": #""gatehouse""#, "exp": "1800000900", "iat": "1800000000",
        ]
        for (name, value) in changes { members[name] = value }
        return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }
}

/// Claims for a test, with one of a feature.
struct SampleClaims: JSONWritable {
    var registered = TokenBench.registered

    func write(to writer: inout JSONWriter) {
        writer.object { object in
            registered.writeMembers(to: &object)
            object.member("token_type", "access")
            object.member("roles", ["admin", "user"])
        }
    }
}

extension JWTVerifier {
    /// Nil when it is accepted.
    func refusal(of token: String, at time: WallTime = TokenBench.now) -> JWTError? {
        do throws(JWTError) {
            _ = try verify(token, at: time)
            return nil
        } catch {
            return error
        }
    }
}
