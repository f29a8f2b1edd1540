import Linux
import Testing

@testable import Tokens

@Suite struct JWTClaimsTests {
    private func refusal(
        _ changes: [String: String?],
        _ expectations: JWTExpectations = TokenBench.expectations,
        at seconds: Int64 = TokenBench.now.seconds
    ) -> JWTError? {
        TokenBench.verifier(expecting: expectations).refusal(
            of: TokenBench.token(payload: TokenBench.payload(changes)),
            at: WallTime(seconds: seconds)
        )
    }

    @Test func `a token is good until the second it expires`() {
        #expect(refusal(["exp": "1800000000"], at: 1_799_999_999) == nil)
        #expect(refusal(["exp": "1800000000"], at: 1_800_000_000) == .expired)
        #expect(refusal(["exp": "1800000000"], at: 1_800_000_001) == .expired)
        #expect(refusal(["exp": "1800000000"], at: 2_800_000_000) == .expired)
    }

    @Test func `the last nanosecond before is still good`() {
        let token = TokenBench.token(payload: TokenBench.payload(["exp": "1800000000"]))
        let time = WallTime(seconds: 1_799_999_999, nanosecondPart: 999_999_999)
        #expect(TokenBench.verifier().refusal(of: token, at: time) == nil)
    }

    @Test func `leeway moves the moments, by exactly as much`() {
        var expectations = TokenBench.expectations
        expectations.expiryLeeway = 10
        expectations.startLeeway = 0
        #expect(refusal(["exp": "1800000000"], expectations, at: 1_800_000_009) == nil)
        #expect(refusal(["exp": "1800000000"], expectations, at: 1_800_000_010) == .expired)
        #expect(refusal(["iat": "1800000001"], expectations) == .notYetValid)
        #expect(refusal(["iat": "1800000000"], expectations) == nil)
    }

    @Test(arguments: ["iat", "nbf"])
    func `a token from the future is refused, beyond what clocks may differ`(name: String) {
        #expect(refusal([name: "1800000030"]) == nil)
        #expect(refusal([name: "1800000031"]) == .notYetValid)
        #expect(refusal([name: "9223372036854775807"]) == .notYetValid)
        #expect(refusal([name: "-9223372036854775808"]) == nil)
        #expect(refusal([name: "0"]) == nil)
    }

    @Test(arguments: ["9223372036854775807", "1.8e9", "1800000900.0"])
    func `whole numbers of any spelling are times`(expiry: String) {
        #expect(refusal(["exp": expiry], at: 1_799_999_999) == nil)
    }

    @Test(arguments: ["-9223372036854775808", "0", "-1"])
    func `times long ago are over`(expiry: String) {
        #expect(refusal(["exp": expiry]) == .expired)
    }

    @Test(
        arguments: ["exp", "iat", "nbf"],
        [
            "\"1800000900\"", "1800000000.5", "null", "true", "[1800000900]", "{}", "1e300", "9223372036854775808",
        ]
    )
    func `what is no whole number is no time`(name: String, value: String) {
        #expect(refusal([name: value]) == .malformedClaims)
    }

    @Test func `a token that would never expire is refused`() {
        #expect(refusal(["exp": nil]) == .malformedClaims)
    }

    @Test func `iat and nbf may be missing`() {
        #expect(refusal(["iat": nil, "nbf": nil]) == nil)
    }

    @Test(arguments: [
        #""https://issuer.example/""#, #""HTTPS://issuer.example""#, #""""#, #""https://issuer.example\u0000""#, nil,
    ])
    func `another issuer, or none, is refused`(issuer: String?) {
        #expect(refusal(["iss": issuer]) == .wrongIssuer)
    }

    @Test(arguments: ["iss", "sub", "jti"], ["1", "null", "[]", "[\"a\"]", "{}", "false"])
    func `names that are no strings are refused`(name: String, value: String) {
        #expect(refusal([name: value]) == .malformedClaims)
    }

    @Test(arguments: [#""gatehouse""#, #"["gatehouse"]"#, #"["other","gatehouse"]"#])
    func `the audience is one name or a list with ours in it`(audience: String) {
        #expect(refusal(["aud": audience]) == nil)
    }

    @Test(arguments: [#""other""#, #"["other"]"#, #""Gatehouse""#, #""gatehouse ""#, #""""#, nil])
    func `a token for others, or for nobody in particular, is refused`(audience: String?) {
        #expect(refusal(["aud": audience]) == .wrongAudience)
    }

    @Test(arguments: ["1", "null", "{}", "[]", #"["gatehouse",1]"#, #"[["gatehouse"]]"#])
    func `an audience of another shape is refused`(audience: String) {
        #expect(refusal(["aud": audience]) == .malformedClaims)
    }

    @Test func `who expects nobody's name refuses a token that names somebody`() {
        let expectations = JWTExpectations(issuer: nil, audience: nil)
        #expect(refusal([:], expectations) == .wrongAudience)
        #expect(refusal(["aud": nil, "iss": nil], expectations) == nil)
    }

    @Test func `letters that only look the same are another issuer and audience`() {
        let expectations = JWTExpectations(issuer: "é", audience: "é")
        #expect(refusal(["iss": #""é""#, "aud": #""é""#], expectations) == nil)
        #expect(refusal(["iss": "\"e\u{301}\"", "aud": #""é""#], expectations) == .wrongIssuer)
        #expect(refusal(["iss": #""é""#, "aud": "\"e\u{301}\""], expectations) == .wrongAudience)
    }

    @Test func `expired is said only when all else is right`() {
        #expect(refusal(["exp": "1"]) == .expired)
        #expect(refusal(["exp": "1", "iss": #""other""#]) == .wrongIssuer)
        #expect(refusal(["exp": "1", "aud": #""other""#]) == .wrongAudience)
        #expect(refusal(["exp": "1", "nbf": "1900000000"]) == .notYetValid)
        #expect(refusal(["exp": "1", "sub": "1"]) == .malformedClaims)
    }

    @Test func `errors say what is wrong and nothing of the token`() {
        #expect("\(JWTError.expired)" == "the token has expired")
        #expect("\(JWTError.wrongSignature)" == "the signature does not belong to the token")
    }
}
