import Testing

@testable import Cryptography

@Suite struct ECDSASignatureTests {
    private static func raw(_ r: [UInt8], _ s: [UInt8]) -> [UInt8] {
        [r, s].flatMap { [UInt8](repeating: 0, count: 32 - $0.count) + $0 }
    }

    /// Numbers of every shape: short, with the highest bit set, full.
    @Test(
        arguments: [
            ([1], [127], "3006020101 02017f"),
            ([128], [1, 0], "3008 02020080 02020100"),
            (
                [UInt8](repeating: 255, count: 32), [UInt8](repeating: 127, count: 32),
                "3045 022100" + String(repeating: "ff", count: 32) + "0220" + String(repeating: "7f", count: 32)
            ),
        ] as [([UInt8], [UInt8], String)]
    )
    func `both forms lead to each other`(r: [UInt8], s: [UInt8], der: String) {
        let raw = ECDSASignatureTests.raw(r, s)
        #expect(ECDSASignature(raw)?.der == bytes(der))
        #expect(ECDSASignature(der: bytes(der))?.bytes == raw)
    }

    @Test(arguments: [
        "", "30", "3000", "3003020101", "3006020101020180", "30080202000102020100", "3006020100020101",
        "3006020101020100", "300602010102017f00", "3007020101 02017f", "300502010102017f", "3106020101 02017f",
        "3006030101 02017f", "308106020101 02017f", "3006028101 02017f", "30050201010200", "30060201010202017f",
        "3006 0201ff 02017f", "3009020101 02017f 020101",
    ])
    func `what is not the one encoding is refused`(der: String) {
        #expect(ECDSASignature(der: bytes(der)) == nil)
    }

    @Test func `numbers of more than 256 bits are refused`() {
        let long = "022101" + String(repeating: "00", count: 32)
        #expect(ECDSASignature(der: bytes("3026" + long + "020101")) == nil)
        #expect(ECDSASignature(der: bytes("3026" + "020101" + long)) == nil)
    }

    @Test func `an encoding that is cut or has an altered length is refused`() throws {
        let signature = try #require(ECDSASignature(SecureRandom().bytes(count: 64)))
        let der = signature.der
        for count in 0..<der.count { #expect(ECDSASignature(der: Array(der.prefix(count))) == nil) }
        #expect(ECDSASignature(der: der + [0]) == nil)
    }

    @Test func `only 64 bytes are a signature`() {
        for count in [0, 63, 65, 70] {
            #expect(ECDSASignature([UInt8](repeating: 1, count: count)) == nil)
        }
    }
}
