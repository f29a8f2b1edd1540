import Cryptography
import JSON
import Testing

@testable import Tokens

@Suite struct JWTVerifierTests {
    @Test(arguments: 0..<4)
    func `a token that was altered in any character is refused`(index: Int) throws {
        let signer = try TokenBench.signers()[index]
        let verifier = TokenBench.verifier([signer.verificationKey])
        let token = Array(try signer.sign(SampleClaims()).utf8)
        #expect(verifier.refusal(of: String(decoding: token, as: UTF8.self)) == nil)
        for position in token.indices {
            // A neighbour differs in the last bits, which is where base64 could leave some unused.
            for replacement in [token[position] ^ 1, UInt8(ascii: "A"), UInt8(ascii: "."), 0xC3] {
                guard replacement != token[position] else { continue }
                var altered = token
                altered[position] = replacement
                let span = altered.span
                #expect(throws: JWTError.self, "at \(position)") { _ = try verifier.verify(span, at: TokenBench.now) }
            }
        }
    }

    @Test func `a token that was cut, or has one character less or more, is refused`() throws {
        let verifier = TokenBench.verifier()
        let token = Array(try TokenBench.signer().sign(SampleClaims()).utf8)
        for position in 0...token.count {
            var variants: [[UInt8]] = [".", "=", "A", "\n", " ", "\0", "%"].map { (addition: Unicode.Scalar) in
                Array(token[..<position]) + [UInt8(ascii: addition)] + token[position...]
            }
            if position < token.count {
                variants.append(Array(token[..<position]))
                variants.append(Array(token[..<position] + token[(position + 1)...]))
                variants.append(Array(token[(position + 1)...]))
            }
            for variant in variants where variant != token {
                #expect(verifier.refusal(of: String(decoding: variant, as: UTF8.self)) != nil, "at \(position)")
            }
        }
    }

    /// The last character of 32 bytes in base64 has two bits that nobody reads.
    @Test func `no second spelling of a signature is accepted`() throws {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let token = try TokenBench.signer().sign(SampleClaims())
        let accepted = alphabet.filter { TokenBench.verifier().refusal(of: token.dropLast() + String($0)) == nil }
        #expect(accepted.count == 1)
    }

    @Test(arguments: [
        "", ".", "..", "...", "a", "a.b", "a.b.c", "e30.e30.", "e30..e30", ".e30.e30", "e30.e30.e30", "e30.e30.e30.e30",
        "é.é.é",
    ])
    func `what is no token is refused`(text: String) {
        #expect(TokenBench.verifier().refusal(of: text) == .malformed)
    }

    @Test func `more or fewer than three parts are refused, even when they are signed`() {
        let header = TokenBench.encode(#"{"alg":"HS256","kid":"first","typ":"JWT"}"#)
        let payload = TokenBench.encode(TokenBench.payload())
        let verifier = TokenBench.verifier()
        #expect(verifier.refusal(of: TokenBench.sign("\(header).\(payload)")) == nil)
        for content in [
            header, "\(header).", "\(header)..\(payload)", "\(header).\(payload).", "\(header).\(payload).\(payload)",
            ".\(payload)", "\(header)A\(payload)", ".", "",
        ] {
            #expect(verifier.refusal(of: TokenBench.sign(content)) == .malformed, "\(content)")
        }
    }

    @Test func `an empty signature is none`() {
        let content = TokenBench.token(payload: TokenBench.payload()).split(separator: ".").prefix(2)
            .joined(separator: ".")
        #expect(TokenBench.verifier().refusal(of: content + ".") == .wrongSignature)
    }

    @Test func `padding, white space and other spellings of base64 are refused, even when they are signed`() {
        let header = TokenBench.encode(#"{"alg":"HS256","kid":"first","typ":"JWT"}"#)
        // Chosen so that two bits are left over, and one of 62 and 63 is among the characters.
        let payload = TokenBench.encode(TokenBench.payload(["x": #""???>>>~~~""#, "y": "1"]))
        let verifier = TokenBench.verifier()
        #expect(verifier.refusal(of: TokenBench.sign("\(header).\(payload)")) == nil)
        let standard = String(payload.map { $0 == "_" ? "/" : $0 == "-" ? "+" : $0 })
        #expect(standard != payload)
        for other in [payload + "=", payload + "==", payload + "\n", " " + payload, payload + "A", standard] {
            #expect(verifier.refusal(of: TokenBench.sign("\(header).\(other)")) == .malformed)
        }
        for other in [header + "=", header + " ", header + "\n"] {
            #expect(verifier.refusal(of: TokenBench.sign("\(other).\(payload)")) == .malformed)
        }
    }

    @Test func `left-over bits that are not zero are refused, even when they are signed`() {
        let header = #"{"alg":"HS256","kid":"first","typ":"JWT"}"#
        for padding in ["", " ", "  "] {
            let payload = TokenBench.encode(TokenBench.payload() + padding)
            guard payload.count % 4 != 0, let last = payload.utf8.last else { continue }
            let altered = payload.dropLast() + String(Character(Unicode.Scalar(last ^ 1)))
            let token = TokenBench.sign(TokenBench.encode(header) + "." + altered)
            #expect(TokenBench.verifier().refusal(of: token) == .malformed)
        }
    }

    @Test func `the longest token is accepted, one character more is not`() throws {
        let verifier = TokenBench.verifier()
        func token(filling count: Int) -> String {
            TokenBench.token(payload: TokenBench.payload(["x": "\"\(String(repeating: "a", count: count))\""]))
        }
        let counts = (5_500...6_200).filter { token(filling: $0).utf8.count <= JWTVerifier.maximumLength }
        let longest = try #require(counts.last)
        #expect(token(filling: longest).utf8.count > JWTVerifier.maximumLength - 3)
        #expect(verifier.refusal(of: token(filling: longest)) == nil)
        #expect(verifier.refusal(of: token(filling: longest + 1)) == .tooLong)
        #expect(verifier.refusal(of: String(repeating: ".", count: 1_000_000)) == .tooLong)
    }

    @Test(arguments: [
        "[]", "null", "1", "\"a\"", "", " ", "{", "{}x", "{}{}", "\u{FEFF}{}", #"{"exp":1800000900,}"#, "{'exp':1}",
        #"{"exp":1800000900,"exp":1900000000}"#, #"{"exp":1800000900,"\u0065xp":1}"#, #"{"exp":NaN}"#,
        #"{"exp":1800000900,"x":{"a":1,"a":2}}"#,
    ])
    func `claims that are not one strict JSON object are refused`(payload: String) {
        #expect(TokenBench.verifier().refusal(of: TokenBench.token(payload: payload)) == .malformed)
    }

    @Test func `claims that are not UTF-8 are refused`() {
        let header = TokenBench.encode(#"{"alg":"HS256","kid":"first","typ":"JWT"}"#)
        let payload = Array(TokenBench.payload(["sub": "\"#\""]).utf8).map { $0 == UInt8(ascii: "#") ? 0xFF : $0 }
        let token = TokenBench.sign(header + "." + Base64URL.encode(payload.span))
        #expect(TokenBench.verifier().refusal(of: token) == .malformed)
    }

    @Test func `nothing is read of a token that is not signed, however wrong it is`() {
        let forger = HMACSHA256(key: [1, 2, 3])
        for payload in [TokenBench.payload(), "no JSON", TokenBench.payload(["exp": "1"]), ""] {
            let token = TokenBench.token(payload: payload, secret: forger)
            #expect(TokenBench.verifier().refusal(of: token) == .wrongSignature)
        }
    }
}
