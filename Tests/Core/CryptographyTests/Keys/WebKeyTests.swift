import Cryptography
import Testing

@Suite struct WebKeyTests {
    private func text(_ key: PublicKey) -> [String] { key.webKey.members.map { "\($0.name)=\($0.value)" } }

    /// RFC 7638 §3.1.
    @Test func `the thumbprint of the published example comes out`() throws {
        let key = try PublicKey(pem: SampleKey.rfc7638PublicKey.pem)
        #expect(key.webKey.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    /// RFC 8037 appendix A.2 and A.3.
    @Test func `an Ed25519 key has the members and the thumbprint of the published example`() throws {
        let key = try PrivateKey(pem: SampleKey.ed25519.pem).publicKey
        #expect(text(key) == ["crv=Ed25519", "kty=OKP", "x=11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"])
        #expect(key.webKey.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }

    /// RFC 7515 appendix A.3.1.
    @Test func `a P-256 key has the members of the published example`() throws {
        #expect(
            text(try PrivateKey(pem: SampleKey.p256.pem).publicKey) == [
                "crv=P-256", "kty=EC", "x=f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y=x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            ]
        )
    }

    /// RFC 7515 appendix A.2.1.
    @Test func `an RSA key has the members of the published example`() throws {
        #expect(
            text(try PrivateKey(pem: SampleKey.rsa.pem).publicKey) == [
                "e=AQAB", "kty=RSA",
                """
                n=ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-\
                yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KX\
                BdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaG\
                Nj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ
                """,
            ]
        )
    }

    @Test func `coordinates that begin with zeros keep their length`() throws {
        // One in 128 keys has such a coordinate.
        for _ in 0..<500 {
            let members = try PrivateKey.generate(.p256).publicKey.webKey.members
            #expect(members.suffix(2).allSatisfy { $0.value.utf8.count == 43 })
        }
    }
}
