import Cryptography
import Testing

@Suite struct SignatureTests {
    /// RFC 8032 §7.1, the first two.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
            """
            e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b
            d25bf5f0595bbe24655141438e7a100b
            """
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
            """
            92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c
            387b2eaeb4302aeeb00d291612bb0c00
            """
        ),
    ])
    func `EdDSA signs as in the published examples`(seed: String, message: String, signature: String) throws {
        let key = try PrivateKey(pkcs8: bytes("302e020100300506032b657004220420" + seed))
        #expect(try key.sign(bytes(message)) == bytes(signature))
        #expect(key.publicKey.isValid(bytes(signature), for: bytes(message)))
    }

    /// RFC 6979 appendix A.2.5, with SHA-256.
    @Test(arguments: [
        (
            "sample",
            """
            EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
            F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8
            """
        ),
        (
            "test",
            """
            F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367
            019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083
            """
        ),
    ])
    func `ECDSA accepts the published examples`(message: String, signature: String) throws {
        let key = try PublicKey(pem: SampleKey.rfc6979PublicKey.pem)
        #expect(key.isValid(bytes(signature), for: Array(message.utf8)))
        #expect(!key.isValid(bytes(signature), for: Array("other".utf8)))
    }

    @Test(arguments: [KeyKind.rsa(bits: 2048), .p256, .ed25519])
    func `a signature holds for its message and key, and no bit of it can be altered`(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        #expect(key.kind == kind)
        let message = Array("to be signed".utf8)
        let signature = try key.sign(message)
        #expect(signature.count == (kind == .rsa(bits: 2048) ? 256 : 64))
        #expect(key.publicKey.isValid(signature, for: message))
        let other = try PrivateKey.generate(kind)
        #expect(!other.publicKey.isValid(signature, for: message))
        for index in signature.indices {
            var altered = signature
            altered[index] ^= 1 << UInt8(index % 8)
            #expect(!key.publicKey.isValid(altered, for: message))
        }
        for index in message.indices {
            var altered = message
            altered[index] ^= 1
            #expect(!key.publicKey.isValid(signature, for: altered))
        }
        for count in 0..<signature.count {
            #expect(!key.publicKey.isValid(Array(signature.prefix(count)), for: message))
        }
        #expect(!key.publicKey.isValid((signature + [0]), for: message))
    }

    @Test func `ECDSA signatures of all shapes are 64 bytes`() throws {
        let key = try PrivateKey.generate(.p256)
        // One in 128 has a number that begins with a zero byte.
        for number in 0..<500 {
            let message = Array("\(number)".utf8)
            let signature = try key.sign(message)
            #expect(signature.count == 64)
            #expect(key.publicKey.isValid(signature, for: message))
        }
    }

    @Test func `an ECDSA signature with a zero in it is refused`() throws {
        let key = try PrivateKey.generate(.p256)
        let signature = try key.sign([1])
        let zero = [UInt8](repeating: 0, count: 32)
        for forged in [zero + zero, zero + signature.suffix(32), signature.prefix(32) + zero] {
            #expect(!key.publicKey.isValid(forged, for: [1]))
        }
    }

    @Test func `many threads may sign and verify with one key`() async throws {
        let key = try PrivateKey(pem: SampleKey.p256.pem)
        let valid = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in UInt8(0)..<200 {
                group.addTask {
                    let signature = try key.sign([number])
                    return key.publicKey.isValid(signature, for: [number])
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(valid == 200)
    }
}
