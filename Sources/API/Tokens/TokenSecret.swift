internal import Cryptography

/// What everything secret about tokens comes from: `JWT_SECRET`.
///
/// HS256 signs with the secret itself, so that others who have it can verify tokens with any library. Everything else has a
/// key derived from it, which tells nothing about the secret or the other keys.
///
/// A changed secret ends all that came from the old one: HS256 tokens and refresh tokens are refused, everybody signs in
/// again, and stored keys can not be opened. That is what a changed secret is for, so there is no overlap.
struct TokenSecret: Sendable {
    private let material: [UInt8]

    /// The text as it is configured.
    init(_ text: String) {
        precondition(text.utf8.count >= TokenSettings.shortestSecret, "a short secret was refused before")
        material = Array(text.utf8)
    }

    /// Signs HS256 tokens.
    var signing: HMACSHA256 { HMACSHA256(key: material) }

    /// What HS256 tokens call the secret. Every instance comes to the same name, and nobody to the secret.
    var keyID: String { Base64URL.encode(derive("gatehouse HS256 key id", count: 16).span) }

    /// Authenticates refresh tokens.
    var refreshing: HMACSHA256 { HMACSHA256(key: derive("gatehouse refresh tokens", count: 32)) }

    /// Authenticates the tokens by which devices are known again.
    var devices: HMACSHA256 { HMACSHA256(key: derive("gatehouse device tokens", count: 32)) }

    /// Protects the private keys in the database.
    var sealing: SealingKey {
        do throws(CryptographyError) {
            return try SealingKey(bytes: derive("gatehouse stored signing keys", count: SealingKey.length))
        } catch {
            preconditionFailure("the key has the length of a sealing key")
        }
    }

    private func derive(_ purpose: String, count: Int) -> [UInt8] {
        HKDFSHA256.deriveKey(from: material, context: Array(purpose.utf8), count: count)
    }
}

extension TokenSecret: CustomStringConvertible, CustomReflectable {
    /// Always `****`.
    var description: String { "****" }

    /// Shows `****` to `dump` and to test failures, which look into private properties.
    var customMirror: Mirror { Mirror(self, children: ["material": "****"], displayStyle: .struct) }
}
