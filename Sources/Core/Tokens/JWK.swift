public import Cryptography
public import JSON

/// A public key for others, as a JSON Web Key (RFC 7517). There is no way to make one of a secret.
public struct JWK: Sendable {
    public let keyID: String
    private let key: PublicKey

    public init(_ key: PublicKey, keyID: String) {
        self.key = key
        self.keyID = keyID
    }
}

extension JWK: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.object { object in
            for member in key.webKey.members { object.member(member.name, member.value) }
            object.member("kid", keyID)
            object.member("alg", JWTAlgorithm(key.kind).rawValue)
            object.member("use", "sig")
        }
    }
}
