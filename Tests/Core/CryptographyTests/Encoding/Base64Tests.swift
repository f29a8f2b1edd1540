import Cryptography
import Testing

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the published examples come out, and read back`(text: String, encoded: String) {
        let bytes = Array(text.utf8)
        #expect(Base64.encode(bytes) == encoded)
        #expect(Base64.decode(encoded) == bytes)
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64URL.encode(bytes) == unpadded)
        #expect(Base64URL.decode(unpadded) == bytes)
    }

    /// RFC 7515 appendix C.
    @Test func `the alphabet for URLs has a hyphen and an underscore`() {
        let bytes: [UInt8] = [3, 236, 255, 224, 193]
        #expect(Base64URL.encode(bytes) == "A-z_4ME")
        #expect(Base64.encode(bytes) == "A+z/4ME=")
        #expect(Base64URL.decode("A+z/4ME") == nil)
        #expect(Base64.decode("A-z_4ME=") == nil)
    }

    @Test func `bytes of every length and value come back`() {
        for count in 0...300 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            var encoded: [UInt8] = [1]
            Base64URL.append(bytes.span, to: &encoded)
            #expect(encoded.count == 1 + Base64URL.encodedCount(count))
            #expect(Base64URL.decode(Array(encoded.dropFirst())) == bytes)
        }
    }

    @Test func `no two texts of up to three characters stand for the same bytes`() {
        let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=\n ".utf8)
        var seen: [[UInt8]: [UInt8]] = [:]
        func visit(_ text: [UInt8]) {
            guard let bytes = Base64URL.decode(text) else { return }
            #expect(seen.updateValue(text, forKey: bytes) == nil)
        }
        for first in characters {
            visit([first])
            for second in characters {
                visit([first, second])
                for third in characters { visit([first, second, third]) }
            }
        }
        // All texts of one byte and of two.
        #expect(seen.count == 256 + 65_536)
    }

    @Test(arguments: [
        "A", "AAAAA", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v=", "====", "Zm\0v", "Zé",
    ])
    func `what is not strictly base64url is refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "=Zm9"])
    func `what is not strictly base64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `a character that is none is found wherever it stands`() {
        let text = Array("QUJDREVGR0hJSktM".utf8)
        for end in 14...16 {
            for index in 0..<end {
                var altered = Array(text[..<end])
                for byte in UInt8.min...UInt8.max where !isDigit(byte) {
                    altered[index] = byte
                    #expect(Base64URL.decode(altered) == nil)
                }
            }
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        let character = Character(Unicode.Scalar(byte))
        return character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
    }
}
