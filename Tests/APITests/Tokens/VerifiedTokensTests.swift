import Linux
import Testing

@testable import API

@Suite struct VerifiedTokensTests {
    private static func token(_ username: String) -> AccessToken {
        AccessToken(
            identity: TokenIdentity(
                session: TokenSamples.identifier(),
                user: TokenSamples.identifier(),
                issuedAt: TokenSamples.now
            ),
            id: TokenSamples.identifier(),
            username: username,
            email: "ada@example.com",
            isAdmin: false,
            expiresAt: TokenSamples.now
        )
    }

    @Test func `a token is found by its whole text and nothing else`() {
        var tokens = VerifiedTokens()
        let token = VerifiedTokensTests.token("ada")
        tokens.insert(token, "aK.b.c")
        #expect(tokens["aK.b.c"] == token)
        for other in ["", "aK.b.", "aK.b.cc", "ak.b.c", "aK.b.d"] { #expect(tokens[other] == nil, "\(other)") }
        // The sign of Kelvin: equal to K for `==`.
        let likeness = "a\u{212A}.b.c"
        #expect(likeness == "aK.b.c")
        #expect(tokens[likeness] == nil)
        tokens.removeAll()
        #expect(tokens["aK.b.c"] == nil && tokens.count == 0)
    }

    @Test func `there are never more than the limit, and the last one is always among them`() {
        var tokens = VerifiedTokens()
        for number in 0..<3 * VerifiedTokens.limit {
            let token = VerifiedTokensTests.token("\(number)")
            tokens.insert(token, "\(number)")
            #expect(tokens["\(number)"] == token)
            #expect(tokens.count <= VerifiedTokens.limit)
        }
    }
}
