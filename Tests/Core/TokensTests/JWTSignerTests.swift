import Cryptography
import JSON
import Testing

@testable import Tokens

@Suite struct JWTSignerTests {
    private func parts(_ token: String) throws -> [JSONObject] {
        try token.split(separator: ".", omittingEmptySubsequences: false).dropLast().map { part in
            let bytes = try #require(TokenBench.decode(String(part)))
            return try JSONObject(parsing: bytes)
        }
    }

    @Test func `a token is what its parts say`() throws {
        let token = try TokenBench.signer().sign(SampleClaims())
        let parts = try parts(token)
        #expect(parts.count == 2)
        #expect(parts[0].members.map(\.name) == ["alg", "kid", "typ"])
        #expect(parts[0]["alg"] == .string("HS256"))
        #expect(parts[0]["kid"] == .string("first"))
        #expect(parts[0]["typ"] == .string("JWT"))
        #expect(
            parts[1].members.map(\.name) == [
                "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "token_type", "roles",
            ]
        )
        #expect(parts[1]["aud"] == .string("gatehouse"))
        #expect(parts[1]["exp"] == .integer(1_800_000_900))
    }

    @Test func `claims that are not there are not written, and several audiences are a list`() throws {
        let claims = SampleClaims(registered: RegisteredClaims(audience: ["a", "b"], expiry: TokenBench.now))
        let parts = try parts(TokenBench.signer(keyID: nil).sign(claims))
        #expect(parts[0].members.map(\.name) == ["alg", "typ"])
        #expect(parts[1].members.map(\.name) == ["aud", "exp", "token_type", "roles"])
        #expect(parts[1]["aud"] == .array([.string("a"), .string("b")]))
    }

    @Test(arguments: 0..<4)
    func `every algorithm signs what its key verifies, and no other key does`(index: Int) throws {
        let signers = try TokenBench.signers()
        let signer = signers[index]
        #expect(signer.keyID == signer.algorithm.rawValue)
        let token = try signer.sign(SampleClaims())
        let claims = try TokenBench.verifier(signers.map(\.verificationKey)).verify(token, at: TokenBench.now)
        #expect(claims.registered == TokenBench.registered)
        #expect(claims["roles"]?.array == [.string("admin"), .string("user")])
        #expect(claims["nothing"] == nil)
        for other in signers where other.algorithm != signer.algorithm {
            #expect(TokenBench.verifier([other.verificationKey]).refusal(of: token) == .unknownKey)
        }
    }

    @Test func `a key is used for one algorithm`() throws {
        #expect(try TokenBench.signers().map(\.algorithm) == JWTAlgorithm.allCases)
        #expect(try TokenBench.signers().map { $0.verificationKey.publicKey == nil } == [true, false, false, false])
    }

    @Test func `a signer for another type makes tokens that are refused as usual ones`() throws {
        let signer = JWTSigner(secret: TokenBench.secret, keyID: "first", type: "refresh+jwt")
        let token = try signer.sign(SampleClaims())
        #expect(TokenBench.verifier().refusal(of: token) == .wrongType)
        var expectations = TokenBench.expectations
        expectations.type = "refresh+jwt"
        let verifier = TokenBench.verifier(expecting: expectations)
        #expect(verifier.refusal(of: token) == nil)
        #expect(verifier.refusal(of: try TokenBench.signer().sign(SampleClaims())) == .wrongType)
    }

    @Test func `identifiers and claims with any characters in them come back`() throws {
        let names = ["\"", "é", "e\u{301}", "a\\b", "\u{0}", "😀", "</script>", ""]
        for name in names {
            var registered = TokenBench.registered
            registered.subject = name
            let token = try TokenBench.signer(keyID: name).sign(SampleClaims(registered: registered))
            let key = TokenBench.signer(keyID: name).verificationKey
            let claims = try TokenBench.verifier([key]).verify(token, at: TokenBench.now)
            #expect(claims.registered.subject.map { Array($0.utf8) } == Array(name.utf8))
        }
    }

    @Test func `what claims say is not printed`() throws {
        let token = try TokenBench.signer().sign(SampleClaims())
        let claims = try TokenBench.verifier().verify(token, at: TokenBench.now)
        for text in ["\(claims)", String(reflecting: claims)] {
            #expect(text == "claims: object of 9")
        }
    }
}
