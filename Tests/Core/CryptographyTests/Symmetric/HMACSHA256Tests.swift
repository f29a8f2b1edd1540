import Cryptography
import Testing

@Suite struct HMACSHA256Tests {
    /// RFC 4231 §4.2 to §4.8; the fifth case is cut to 128 bits there, and so it is here.
    @Test(arguments: [
        (
            bytes("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            bytes("0102030405060708090a0b0c0d0e0f10111213141516171819"), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0x0C, count: 20), Array("Test With Truncation".utf8),
            "a3b6167473100ee06e0c796c2955552b"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array(
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
                    .utf8
            ),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func `the published examples come out, again and again`(key: [UInt8], message: [UInt8], code: String) {
        let hmac = HMACSHA256(key: key)
        for _ in 0..<3 {
            #expect(hmac.authenticationCode(for: message).bytes.hexadecimal.hasPrefix(code))
        }
    }

    @Test func `keys as long as a block are used as they are, longer ones are hashed`() {
        let message: [UInt8] = [1, 2, 3]
        let block = [UInt8](repeating: 7, count: 64)
        #expect(
            HMACSHA256(key: block).authenticationCode(for: message)
                != HMACSHA256(key: SHA256.hash(block)).authenticationCode(for: message)
        )
        #expect(
            HMACSHA256(key: block + [7]).authenticationCode(for: message)
                == HMACSHA256(key: SHA256.hash(block + [7])).authenticationCode(for: message)
        )
    }

    @Test func `codes differ for another message and another key`() {
        let hmac = HMACSHA256(key: [1])
        let code = hmac.authenticationCode(for: [1, 2, 3])
        #expect(code == hmac.authenticationCode(for: [1, 2, 3]))
        #expect(code != hmac.authenticationCode(for: [1, 2, 4]))
        #expect(code != hmac.authenticationCode(for: []))
        #expect(code != HMACSHA256(key: [2]).authenticationCode(for: [1, 2, 3]))
    }

    @Test func `nothing of the key is printed`() {
        var text = ""
        dump(HMACSHA256(key: Array("a key that is secret".utf8)), to: &text)
        #expect(text.contains("****"))
        #expect(!text.contains("h:") && !text.contains("inner"))
    }
}
