import Cryptography
import JSON
import Linux
import Testing

@testable import Tokens

/// The examples of RFC 7515 appendix A and RFC 8037 appendix A. Their headers name no type and no key.
@Suite struct PublishedExampleTests {
    private static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    private static let expectations = JWTExpectations(issuer: "joe", audience: nil, type: nil)

    private func check(_ key: JWTVerificationKey, _ header: String, _ signature: String) throws {
        let verifier = JWTVerifier(keys: [key], expecting: PublishedExampleTests.expectations)
        let token = "\(header).\(PublishedExampleTests.payload).\(signature)"
        let claims = try verifier.verify(token, at: WallTime(seconds: 1_300_819_379, nanosecondPart: 999_999_999))
        #expect(claims.registered == RegisteredClaims(issuer: "joe", expiry: WallTime(seconds: 1_300_819_380)))
        #expect(claims["http://example.com/is_root"] == .boolean(true))
        #expect(verifier.refusal(of: token, at: WallTime(seconds: 1_300_819_380)) == .expired)
        let strict = JWTVerifier(keys: [key], expecting: JWTExpectations(issuer: "joe", audience: nil))
        #expect(
            strict.refusal(of: token, at: WallTime(seconds: 0)) == (header.hasPrefix("eyJ0eXAi") ? nil : .wrongType)
        )
    }

    @Test func `HS256, A1`() throws {
        let secret = try #require(TokenBench.decode(SampleKeys.secret))
        try check(
            JWTVerificationKey(secret: HMACSHA256(key: secret), keyID: nil),
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        )
    }

    @Test func `RS256, A2, which signs the same way again`() throws {
        let key = try PrivateKey(pem: SampleKeys.rsa)
        let signature = """
            cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF\
            9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383L\
            cOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWyw\
            lVmtVrBp0igcN_IoypGlUPQGe77Rw
            """
        try check(JWTVerificationKey(key.publicKey, keyID: nil), "eyJhbGciOiJSUzI1NiJ9", signature)
        let content = "eyJhbGciOiJSUzI1NiJ9.\(PublishedExampleTests.payload)"
        let again = try key.sign(content.utf8Span.span)
        let text = Base64URL.encode(again.span)
        #expect(text == signature)
    }

    @Test func `ES256, A3`() throws {
        let key = try PrivateKey(pem: SampleKeys.p256)
        try check(
            JWTVerificationKey(key.publicKey, keyID: nil),
            "eyJhbGciOiJFUzI1NiJ9",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        )
    }

    /// The content of this one is no JSON: it gets past the signature, and no further.
    @Test func `EdDSA, RFC 8037 A4 and A5`() throws {
        let key = try PrivateKey(pem: SampleKeys.ed25519)
        let content = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        let made = try key.sign(content.utf8Span.span)
        let text = Base64URL.encode(made.span)
        #expect(text == signature)
        let verifier = JWTVerifier(
            keys: [JWTVerificationKey(key.publicKey, keyID: nil)],
            expecting: PublishedExampleTests.expectations
        )
        #expect(verifier.refusal(of: "\(content).\(signature)") == .malformed)
        #expect(verifier.refusal(of: "\(content).i\(signature.dropFirst())") == .wrongSignature)
    }
}
