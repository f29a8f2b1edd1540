import Cryptography
import Testing

@Suite struct HKDFSHA256Tests {
    /// RFC 5869 appendix A.1.
    @Test func `the basic example comes out`() {
        let key = HKDFSHA256.deriveKey(
            from: [UInt8](repeating: 0x0B, count: 22),
            salt: bytes("000102030405060708090a0b0c"),
            context: bytes("f0f1f2f3f4f5f6f7f8f9"),
            count: 42
        )
        #expect(
            key.hexadecimal == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        )
    }

    /// Appendix A.2.
    @Test func `the example with longer inputs comes out`() {
        let key = HKDFSHA256.deriveKey(
            from: Array(0x00...0x4F),
            salt: Array(0x60...0xAF),
            context: Array(0xB0...0xFF),
            count: 82
        )
        #expect(
            key
                == bytes(
                    """
                    b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09
                    da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
                    """
                )
        )
    }

    /// Appendix A.3.
    @Test func `the example without salt and context comes out`() {
        let key = HKDFSHA256.deriveKey(from: [UInt8](repeating: 0x0B, count: 22), context: [], count: 42)
        #expect(
            key.hexadecimal == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        )
    }

    @Test func `as many bytes come out as are asked for, up to the limit`() {
        let longest = HKDFSHA256.deriveKey(from: [1], context: [2], count: 8_160)
        #expect(longest.count == 8_160)
        for count in [0, 1, 31, 32, 33] {
            #expect(HKDFSHA256.deriveKey(from: [1], context: [2], count: count) == Array(longest.prefix(count)))
        }
    }
}
