import Cryptography
import Testing

@testable import Tokens

/// Which key and algorithm a token may choose.
@Suite struct JWTKeyChoiceTests {
    private static let payload = TokenBench.payload()

    private func refusal(_ header: String, _ keys: [JWTVerificationKey]? = nil) -> JWTError? {
        let verifier = keys.map { TokenBench.verifier($0) } ?? TokenBench.verifier()
        return verifier.refusal(of: TokenBench.token(header: header, payload: JWTKeyChoiceTests.payload))
    }

    @Test(arguments: [
        #"{"typ":"JWT","alg":"HS256","kid":"first"}"#, #" { "alg" : "HS256" , "kid":"first","typ":"JWT"} "#,
        #"{"alg":"HS256","kid":"\u0066irst","typ":"JWT"}"#, #"{"alg":"HS256","kid":"first","typ":"JWT","other":[{}]}"#,
        #"{"alg":"HS256","typ":"JWT"}"#,
    ])
    func `a header that is written in another way means the same`(header: String) {
        #expect(refusal(header) == nil)
    }

    @Test(arguments: [
        "none", "None", "NONE", "nOnE", "", "HS256 ", " HS256", "hs256", "HS384", "HS512", "RS256", "PS256", "ES256",
        "EdDSA", "HS256\\u0000",
    ])
    func `any algorithm but the key's own is refused`(algorithm: String) {
        #expect(refusal(#"{"alg":"\#(algorithm)","kid":"first","typ":"JWT"}"#) == .unknownKey)
        #expect(refusal(#"{"alg":"\#(algorithm)","typ":"JWT"}"#) == .unknownKey)
    }

    @Test func `a token without an algorithm is no token with any signature`() {
        let content = TokenBench.encode(#"{"alg":"none","typ":"JWT"}"#) + "." + TokenBench.encode(TokenBench.payload())
        for signature in ["", "AAAA", "e30"] {
            #expect(TokenBench.verifier().refusal(of: "\(content).\(signature)") == .unknownKey)
        }
        #expect(refusal(#"{"kid":"first","typ":"JWT"}"#) == .malformed)
    }

    @Test(arguments: 1..<4)
    func `a public key is no secret, in whatever form a forger takes it`(index: Int) throws {
        let signers = try TokenBench.signers()
        let key = signers[index].verificationKey
        let publicKey = try #require(key.publicKey)
        let name = key.algorithm.rawValue
        let members = publicKey.webKey.members.map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",")
        for form in [
            Array(publicKey.pem.utf8), Array(publicKey.pem.utf8.dropLast()), publicKey.der, Array("{\(members)}".utf8),
            [],
        ] {
            let forger = HMACSHA256(key: form)
            for header in [#"{"alg":"HS256","kid":"\#(name)","typ":"JWT"}"#, #"{"alg":"HS256","typ":"JWT"}"#] {
                let token = TokenBench.token(header: header, payload: JWTKeyChoiceTests.payload, secret: forger)
                #expect(TokenBench.verifier([key]).refusal(of: token) == .unknownKey)
                #expect(TokenBench.verifier(signers.map(\.verificationKey)).refusal(of: token) == .unknownKey)
            }
            let header = #"{"alg":"\#(name)","kid":"\#(name)","typ":"JWT"}"#
            let token = TokenBench.token(header: header, payload: JWTKeyChoiceTests.payload, secret: forger)
            #expect(TokenBench.verifier([key]).refusal(of: token) == .wrongSignature)
        }
    }

    @Test func `a key is chosen by its identifier among several`() throws {
        let other = HMACSHA256(key: Array("another secret of 32 characters!".utf8))
        let keys = [
            JWTVerificationKey(secret: other, keyID: "second"), TokenBench.signer(keyID: "first").verificationKey,
        ]
        #expect(refusal(#"{"alg":"HS256","kid":"first","typ":"JWT"}"#, keys) == nil)
        #expect(refusal(#"{"alg":"HS256","kid":"second","typ":"JWT"}"#, keys) == .wrongSignature)
        for kid in ["third", "", "First", "first ", "firs", "first\\u0000", "../first"] {
            #expect(refusal(#"{"alg":"HS256","kid":"\#(kid)","typ":"JWT"}"#, keys) == .unknownKey)
        }
        #expect(refusal(#"{"alg":"HS256","typ":"JWT"}"#, keys) == .unknownKey)
    }

    @Test func `letters that only look the same are another identifier`() {
        let key = TokenBench.signer(keyID: "é").verificationKey
        #expect(refusal(#"{"alg":"HS256","kid":"é","typ":"JWT"}"#, [key]) == nil)
        #expect(refusal(#"{"alg":"HS256","kid":"e\#u{301}","typ":"JWT"}"#, [key]) == .unknownKey)
    }

    @Test func `the only key needs no identifier, but a wrong one is refused`() {
        let nameless = TokenBench.signer(keyID: nil).verificationKey
        #expect(refusal(#"{"alg":"HS256","typ":"JWT"}"#, [nameless]) == nil)
        #expect(refusal(#"{"alg":"HS256","kid":"first","typ":"JWT"}"#, [nameless]) == .unknownKey)
        #expect(refusal(#"{"alg":"HS256","kid":"other","typ":"JWT"}"#) == .unknownKey)
    }

    @Test func `a key that was taken away is not accepted any more`() throws {
        let token = try TokenBench.signer(keyID: "old").sign(SampleClaims())
        let (old, new) = (TokenBench.signer(keyID: "old"), TokenBench.signer(keyID: "new"))
        #expect(TokenBench.verifier([new.verificationKey, old.verificationKey]).refusal(of: token) == nil)
        #expect(TokenBench.verifier([new.verificationKey]).refusal(of: token) == .unknownKey)
        #expect(TokenBench.verifier([]).refusal(of: token) == .unknownKey)
    }

    @Test func `a key that a token brings along is not used`() throws {
        let stranger = try PrivateKey.generate(.p256)
        let members = stranger.publicKey.webKey.members.map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",")
        for kid in ["ES256", stranger.publicKey.webKey.thumbprint] {
            for source in [#""jwk":{\#(members)}"#, #""jku":"https://stranger.example/jwks.json""#, #""x5c":["MIIB"]"#]
            {
                let header = #"{"alg":"ES256","kid":"\#(kid)","typ":"JWT",\#(source)}"#
                let content = TokenBench.encode(header) + "." + TokenBench.encode(JWTKeyChoiceTests.payload)
                let signature = try stranger.sign(content.utf8Span.span)
                let token = content + "." + Base64URL.encode(signature.span)
                let refusal = TokenBench.verifier(try TokenBench.signers().map(\.verificationKey)).refusal(of: token)
                #expect(refusal == (kid == "ES256" ? .wrongSignature : .unknownKey))
            }
        }
    }

    @Test(arguments: [
        #"{"alg":"HS256","kid":"first","typ":"JOSE"}"#, #"{"alg":"HS256","kid":"first","typ":"jwt"}"#,
        #"{"alg":"HS256","kid":"first","typ":"at+jwt"}"#, #"{"alg":"HS256","kid":"first","typ":""}"#,
        #"{"alg":"HS256","kid":"first"}"#, #"{"alg":"HS256","kid":"first","typ":"JWT","crit":["exp"],"exp":1}"#,
        #"{"alg":"HS256","kid":"first","typ":"JWT","crit":[]}"#,
        #"{"alg":"HS256","kid":"first","typ":"JWT","crit":null}"#,
    ])
    func `another type, none, or extensions are refused`(header: String) {
        #expect(refusal(header) == .wrongType)
    }

    @Test(arguments: [
        "[]", "null", "", #"{"alg":"HS256","kid":"first","typ":"JWT""#, #"{"alg":1,"kid":"first","typ":"JWT"}"#,
        #"{"alg":"HS256","kid":1,"typ":"JWT"}"#, #"{"alg":"HS256","kid":null,"typ":"JWT"}"#,
        #"{"alg":"HS256","kid":"first","typ":["JWT"]}"#, #"{"alg":["HS256"],"kid":"first","typ":"JWT"}"#,
        #"{"alg":"none","alg":"HS256","kid":"first","typ":"JWT"}"#,
        #"{"alg":"HS256","\u0061lg":"none","kid":"first","typ":"JWT"}"#,
        #"{"alg":"HS256","kid":"first","kid":"first","typ":"JWT"}"#, #"{"alg":"HS256","kid":"first","typ":"JWT"}}"#,
    ])
    func `a header that is not one strict JSON object of the right types is refused`(header: String) {
        #expect(refusal(header) == .malformed)
    }
}
