import Testing

@testable import Cryptography

@Suite struct SealingKeyTests {
    /// One of the examples in McGrew and Viega's specification of GCM, in which AES-256 has the numbers 13 to 16.
    struct Example: Sendable {
        let key: String
        let nonce: String
        var plaintext = ""
        var context = ""
        var ciphertext = ""
        let tag: String
    }

    private static let examples = [
        Example(
            key: String(repeating: "00", count: 32),
            nonce: "000000000000000000000000",
            tag: "530f8afbc74536b9a963b4f1c4cb738b"
        ),
        Example(
            key: String(repeating: "00", count: 32),
            nonce: "000000000000000000000000",
            plaintext: "00000000000000000000000000000000",
            ciphertext: "cea7403d4d606b6e074ec5d3baf39d18",
            tag: "d0d1c8a799996bf0265b98b5d48ab919"
        ),
        Example(
            key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            nonce: "cafebabefacedbaddecaf888",
            plaintext: """
                d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
                1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
                """,
            ciphertext: """
                522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
                8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad
                """,
            tag: "b094dac5d93471bdec1a502270e3cc6c"
        ),
        Example(
            key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            nonce: "cafebabefacedbaddecaf888",
            plaintext: """
                d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
                1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
                """,
            context: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            ciphertext: """
                522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
                8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
                """,
            tag: "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ]

    @Test(arguments: examples)
    func `the published examples come out, and open`(example: Example) throws {
        let key = try SealingKey(bytes: bytes(example.key))
        let box = key.seal(bytes(example.plaintext), context: bytes(example.context), nonce: bytes(example.nonce))
        #expect(box.ciphertext == bytes(example.ciphertext))
        #expect(box.tag == bytes(example.tag))
        #expect(try key.open(box, context: bytes(example.context)) == bytes(example.plaintext))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 5_000])
    func `what is sealed opens again, and is sealed differently every time`(count: Int) throws {
        let key = try SealingKey(bytes: SecureRandom().bytes(count: 32))
        let plaintext = SecureRandom().bytes(count: count)
        let one = key.seal(plaintext, context: [1])
        let other = key.seal(plaintext, context: [1])
        #expect(one.nonce != other.nonce && one != other)
        #expect(one.bytes.count == count + 28)
        #expect(try key.open(SealedBox(bytes: one.bytes), context: [1]) == plaintext)
        #expect(try key.open(other, context: [1]) == plaintext)
    }

    @Test func `a box that was altered in any bit does not open`() throws {
        let key = try SealingKey(bytes: SecureRandom().bytes(count: 32))
        let sealed = key.seal(Array("private".utf8), context: [1]).bytes
        for index in sealed.indices {
            for bit in 0..<8 {
                var altered = sealed
                altered[index] ^= 1 << UInt8(bit)
                let box = try SealedBox(bytes: altered)
                let error = #expect(throws: CryptographyError.self) { try key.open(box, context: [1]) }
                #expect(error?.code == .authenticationFailed)
            }
        }
    }

    @Test func `a box does not open with another key or context, or when it was cut`() throws {
        let key = try SealingKey(bytes: [UInt8](repeating: 1, count: 32))
        let box = key.seal(Array("private".utf8), context: Array("key 1".utf8))
        let other = try SealingKey(bytes: [UInt8](repeating: 2, count: 32))
        #expect(throws: CryptographyError.self) { try other.open(box, context: Array("key 1".utf8)) }
        #expect(throws: CryptographyError.self) { try key.open(box, context: Array("key 2".utf8)) }
        #expect(throws: CryptographyError.self) { try key.open(box) }
        for count in 0..<box.bytes.count {
            #expect(throws: CryptographyError.self) {
                try key.open(SealedBox(bytes: Array(box.bytes.prefix(count))), context: Array("key 1".utf8))
            }
        }
    }

    @Test(arguments: [0, 16, 31, 33])
    func `a key that has not 32 bytes is refused`(count: Int) {
        let error = #expect(throws: CryptographyError.self) {
            try SealingKey(bytes: [UInt8](repeating: 0, count: count))
        }
        #expect(error?.code == .unsupportedKey)
    }

    @Test func `the key is never printed`() throws {
        let key = try SealingKey(bytes: [UInt8](repeating: 201, count: 32))
        var text = "\(key) \(String(reflecting: key))"
        dump(key, to: &text)
        #expect(text.contains("****") && !text.contains("201"))
    }
}
