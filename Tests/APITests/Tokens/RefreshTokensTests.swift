import Cryptography
import Database
import Testing
import Tokens

@testable import API

@Suite struct RefreshTokensTests {
    private static let tokens = RefreshTokens(TokenSamples.secret)
    private static let token = RefreshToken(session: TokenSamples.identifier(), counter: 41)

    @Test(arguments: [0, 1, 255, 256, 1 << 40, Int.max])
    func `what was written is read again`(_ counter: Int) {
        let token = RefreshToken(session: TokenSamples.identifier(), counter: counter)
        let text = RefreshTokensTests.tokens.text(for: token)
        #expect(text.utf8.count == RefreshTokens.textLength && text.utf8.count == 75)
        #expect(RefreshTokensTests.tokens.read(text) == token)
        #expect(
            RefreshTokensTests.tokens.text(for: token) == text,
            "the same again, which REFRESH_REUSE_POLICY=replay needs"
        )
    }

    @Test func `another secret reads nothing`() {
        let text = RefreshTokensTests.tokens.text(for: RefreshTokensTests.token)
        #expect(RefreshTokens(TokenSamples.otherSecret).read(text) == nil)
    }

    @Test func `a token with any one character changed is refused`() {
        let text = Array(RefreshTokensTests.tokens.text(for: RefreshTokensTests.token).utf8)
        for index in text.indices {
            for character in "AZaz09-_ .=\n".utf8 where character != text[index] {
                var altered = text
                altered[index] = character
                #expect(RefreshTokensTests.tokens.read(String(decoding: altered, as: UTF8.self)) == nil, "\(index)")
            }
        }
    }

    @Test func `a token that is cut or goes on is refused`() {
        let text = RefreshTokensTests.tokens.text(for: RefreshTokensTests.token)
        for count in 0..<text.count { #expect(RefreshTokensTests.tokens.read(String(text.prefix(count))) == nil) }
        for more in ["A", "=", " ", "\n", text] { #expect(RefreshTokensTests.tokens.read(text + more) == nil) }
    }

    @Test func `codes made for something else, and counters that are none, are refused`() {
        let content = RefreshTokensTests.token.session.bytes + [UInt8](repeating: 0xFF, count: 8)
        // Made with the right key: still no counter.
        let code = TokenSamples.secret.refreshing.authenticationCode(for: content.span).bytes
        #expect(RefreshTokensTests.tokens.read(Base64URL.encode((content + code).span)) == nil)
        // Made with the secret itself, as HS256 does.
        let first = RefreshTokensTests.token.session.bytes + [UInt8](repeating: 0, count: 8)
        let foreign = TokenSamples.secret.signing.authenticationCode(for: first.span).bytes
        #expect(RefreshTokensTests.tokens.read(Base64URL.encode((first + foreign).span)) == nil)
        let own = TokenSamples.secret.refreshing.authenticationCode(for: first.span).bytes
        #expect(RefreshTokensTests.tokens.read(Base64URL.encode((first + own).span)) != nil)
    }

    @Test func `the keys that come from one secret tell nothing about each other`() {
        let message = Array("message".utf8)
        let codes = [TokenSamples.secret.signing, TokenSamples.secret.refreshing].map {
            $0.authenticationCode(for: message.span).bytes
        }
        #expect(codes[0] != codes[1])
        #expect(!TokenSamples.secretText.contains(TokenSamples.secret.keyID))
        #expect(TokenSamples.secret.keyID != TokenSamples.otherSecret.keyID)
        #expect("\(TokenSamples.secret)" == "****" && String(reflecting: TokenSamples.secret) == "****")
        var dumped = ""
        dump(TokenSamples.secret, to: &dumped)
        #expect(!dumped.contains("98"), "no byte of it")
    }
}
