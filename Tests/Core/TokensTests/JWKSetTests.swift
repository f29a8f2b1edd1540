import Cryptography
import JSON
import Testing
import Tokens

@Suite struct JWKSetTests {
    @Test func `the set holds what others need to verify, and no more`() throws {
        let keys = [SampleKeys.rsa, SampleKeys.p256, SampleKeys.ed25519]
        let set = JWKSet(
            try keys.map { pem in
                let key = try PrivateKey(pem: pem).publicKey
                return JWK(key, keyID: key.webKey.thumbprint)
            }
        )
        let document = try JSONObject(parsing: set.json)
        let entries = try #require(document["keys"]?.array).compactMap(\.object)
        #expect(document.members.count == 1)
        #expect(
            entries.map { $0.members.map(\.name) } == [
                ["e", "kty", "n", "kid", "alg", "use"], ["crv", "kty", "x", "y", "kid", "alg", "use"],
                ["crv", "kty", "x", "kid", "alg", "use"],
            ]
        )
        #expect(entries.compactMap { $0["alg"]?.string } == ["RS256", "ES256", "EdDSA"])
        #expect(entries.compactMap { $0["kty"]?.string } == ["RSA", "EC", "OKP"])
        #expect(entries.allSatisfy { $0["use"] == .string("sig") })
        #expect(entries[2]["kid"]?.string == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(entries[2]["x"]?.string == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    }

    @Test func `without public keys the set is empty`() {
        #expect(String(decoding: JWKSet([]).json, as: UTF8.self) == #"{"keys":[]}"#)
    }
}
