internal import COpenSSL

/// The members of a JSON Web Key that make up a public key (RFC 7518 §6, RFC 8037 §2), and no others.
public struct WebKeyMembers: Equatable, Sendable {
    public struct Member: Equatable, Sendable {
        public let name: String
        /// Of characters that JSON does not escape.
        public let value: String
    }

    /// In the order of their names, as the thumbprint wants them.
    public let members: [Member]

    init(_ handle: KeyHandle) throws(CryptographyError) {
        switch handle.kind {
        case .rsa:
            let exponent = try handle.integer(OSSL_PKEY_PARAM_RSA_E)
            let modulus = try handle.integer(OSSL_PKEY_PARAM_RSA_N)
            members = [
                Member(name: "e", value: Base64URL.encode(exponent.span)),
                Member(name: "kty", value: "RSA"),
                Member(name: "n", value: Base64URL.encode(modulus.span)),
            ]
        case .p256:
            members = [
                Member(name: "crv", value: "P-256"),
                Member(name: "kty", value: "EC"),
                Member(name: "x", value: try WebKeyMembers.coordinate(OSSL_PKEY_PARAM_EC_PUB_X, of: handle)),
                Member(name: "y", value: try WebKeyMembers.coordinate(OSSL_PKEY_PARAM_EC_PUB_Y, of: handle)),
            ]
        case .ed25519:
            var point = [UInt8](repeating: 0, count: 32)
            var count = point.count
            guard EVP_PKEY_get_raw_public_key(handle.pointer, &point, &count) == 1, count == point.count else {
                throw CryptographyError(taking: .libcryptoFailure, "libcrypto does not tell the public half of a key")
            }
            members = [
                Member(name: "crv", value: "Ed25519"),
                Member(name: "kty", value: "OKP"),
                Member(name: "x", value: Base64URL.encode(point.span)),
            ]
        }
    }

    /// > The length of this octet string MUST be the full size of a coordinate for the curve (RFC 7518 §6.2.1.2)
    private static func coordinate(_ name: String, of handle: KeyHandle) throws(CryptographyError) -> String {
        let digits = try handle.integer(name)
        return Base64URL.encode(([UInt8](repeating: 0, count: 32 - digits.count) + digits).span)
    }

    /// The JWK thumbprint (RFC 7638) with SHA-256: a name for the key that everybody comes to by themselves.
    public var thumbprint: String {
        let text = members.map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",")
        return Base64URL.encode(SHA256.hash(Array("{\(text)}".utf8)).span)
    }
}
