import Cryptography
import Testing

@Suite struct KeyReadingTests {
    @Test(arguments: [
        (SampleKey.rsa, KeyKind.rsa(bits: 2048)), (SampleKey.rsaPKCS8, .rsa(bits: 2048)), (SampleKey.p256, .p256),
        (SampleKey.p256PKCS8, .p256), (SampleKey.p256WithParameters, .p256), (SampleKey.ed25519, .ed25519),
    ])
    func `keys are read from every form, and written in one`(sample: SampleKey, kind: KeyKind) throws {
        let key = try PrivateKey(pem: sample.pem)
        #expect(key.kind == kind)
        #expect(
            key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n") && key.pem.hasSuffix("\n-----END PRIVATE KEY-----\n")
        )
        #expect(key.pem.split(separator: "\n").allSatisfy { $0.count <= 64 })
        for again in [try PrivateKey(pem: key.pem), try PrivateKey(pkcs8: key.pkcs8)] {
            #expect(again.pkcs8 == key.pkcs8)
            #expect(again.publicKey.webKey == key.publicKey.webKey)
        }
        for half in [try PublicKey(pem: key.publicKey.pem), try PublicKey(der: key.publicKey.der)] {
            #expect(half.webKey == key.publicKey.webKey)
            #expect(half.der == key.publicKey.der)
        }
    }

    @Test func `what openssl writes is written the same way`() throws {
        #expect(try PrivateKey(pem: SampleKey.rsa.pem).pem == SampleKey.rsaPKCS8.pem)
        #expect(try PrivateKey(pem: SampleKey.p256.pem).pem == SampleKey.p256PKCS8.pem)
        #expect(try PrivateKey(pem: SampleKey.ed25519.pem).pem == SampleKey.ed25519.pem)
        #expect(try PublicKey(pem: SampleKey.rfc6979PublicKey.pem).pem == SampleKey.rfc6979PublicKey.pem)
    }

    @Test(arguments: [
        (SampleKey.encryptedPKCS8, CryptographyError.Code.encryptedKey), (SampleKey.encryptedSEC1, .encryptedKey),
        (SampleKey.rsa1024, .unsupportedKey), (SampleKey.rsaWithExponent3, .unsupportedKey),
        (SampleKey.rsaPSS, .unsupportedKey), (SampleKey.p384, .unsupportedKey),
        (SampleKey.ed448, .unsupportedKey), (SampleKey.p256SpelledOut, .unsupportedKey),
        (SampleKey.mismatched, .inconsistentKey), (SampleKey.rfc6979PublicKey, .malformedKey),
    ])
    func `other keys are refused with the reason`(sample: SampleKey, code: CryptographyError.Code) {
        let error = #expect(throws: CryptographyError.self) { try PrivateKey(pem: sample.pem) }
        #expect(error?.code == code)
    }

    @Test(arguments: [
        "", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", String(repeating: "-", count: 70_000),
    ])
    func `what is no key is refused`(pem: String) {
        let error = #expect(throws: CryptographyError.self) { try PrivateKey(pem: pem) }
        #expect(error?.code == .malformedKey)
        #expect(throws: CryptographyError.self) { try PublicKey(pem: pem) }
    }

    @Test(arguments: [1024, 2047, 8193, 16_384, -1, 0])
    func `RSA keys outside the sizes are not made`(bits: Int) {
        let error = #expect(throws: CryptographyError.self) { try PrivateKey.generate(.rsa(bits: bits)) }
        #expect(error?.code == .unsupportedKey)
    }

    @Test(arguments: [SampleKey.rsa, SampleKey.p256, SampleKey.ed25519])
    func `a key that is cut anywhere, or has more behind it, is refused`(sample: SampleKey) throws {
        let key = try PrivateKey(pem: sample.pem)
        for count in 0..<key.pkcs8.count {
            #expect(throws: CryptographyError.self) { try PrivateKey(pkcs8: Array(key.pkcs8.prefix(count))) }
        }
        #expect(throws: CryptographyError.self) { try PrivateKey(pkcs8: key.pkcs8 + [0]) }
        for count in 0..<key.publicKey.der.count {
            #expect(throws: CryptographyError.self) { try PublicKey(der: Array(key.publicKey.der.prefix(count))) }
        }
        #expect(throws: CryptographyError.self) { try PublicKey(der: key.publicKey.der + [0]) }
    }

    @Test(arguments: [SampleKey.p256, SampleKey.ed25519])
    func `a key in which a byte was altered is refused, or is another whole key`(sample: SampleKey) throws {
        let der = try PrivateKey(pem: sample.pem).pkcs8
        for index in der.indices {
            var altered = der
            altered[index] ^= 0x55
            guard let key = try? PrivateKey(pkcs8: altered) else { continue }
            let signature = try key.sign([1])
            #expect(key.publicKey.isValid(signature, for: [1]))
        }
    }

    @Test(arguments: ["PRIVATE KEY", "CERTIFICATE", "public key"])
    func `a public key under another name is refused`(label: String) {
        let pem = SampleKey.rfc6979PublicKey.pem.split(separator: "PUBLIC KEY", omittingEmptySubsequences: false)
            .joined(separator: label)
        #expect(throws: CryptographyError.self) { try PublicKey(pem: pem) }
    }

    @Test func `errors tell the reason, the log more, and neither tells the key`() throws {
        let error = try #require(throws: CryptographyError.self) { try PrivateKey(pem: SampleKey.encryptedPKCS8.pem) }
        #expect(error.description == "a private key is protected by a passphrase")
        #expect(error.debugDescription.hasPrefix("a private key is protected by a passphrase (error:"))
        let malformed = try #require(throws: CryptographyError.self) { try PrivateKey(pem: "nothing") }
        #expect(malformed.description == "not a private key in PEM")
    }

    @Test func `a failure leaves nothing behind that a later one would tell`() throws {
        #expect(throws: CryptographyError.self) { try PrivateKey(pem: "nothing") }
        let key = try PrivateKey(pem: SampleKey.rsa.pem)
        #expect(!key.publicKey.isValid([1, 2, 3], for: [1]))
        let error = #expect(throws: CryptographyError.self) { try SealingKey(bytes: []) }
        #expect(error?.libcryptoErrors == [])
        let box = try SealedBox(bytes: [UInt8](repeating: 0, count: 40))
        let sealed = try SealingKey(bytes: [UInt8](repeating: 0, count: 32))
        let refusal = #expect(throws: CryptographyError.self) { try sealed.open(box) }
        #expect(refusal?.libcryptoErrors.allSatisfy { !$0.contains("rsa") && !$0.contains("PEM") } == true)
    }
}
