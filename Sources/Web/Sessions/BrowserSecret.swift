internal import Cryptography
internal import HTTPEngine

/// 256 random bits that one browser holds in a cookie and nobody else knows: the id of a session, or what marks a browser
/// that is not signed in.
///
/// Everything that protects what belongs to the browser is derived from it, so that this program needs no secret of its
/// own: the name and the key of the record in the store, and the codes in forms.
struct BrowserSecret: Equatable, Sendable {
    private static let length = 32
    private static let textLength = Base64URL.encodedCount(length)
    private let bytes: [UInt8]

    private init(bytes: [UInt8]) { self.bytes = bytes }

    static func random() -> BrowserSecret { BrowserSecret(bytes: SecureRandom().bytes(count: length)) }

    /// Reads a cookie; nil for what is none of ours.
    init?(_ text: String) {
        guard text.utf8.count == BrowserSecret.textLength, let bytes = Base64URL.decode(text.utf8Span.span) else {
            return nil
        }
        self.bytes = bytes
    }

    /// For the cookie.
    var text: String { Base64URL.encode(bytes.span) }

    /// What others may know it by. Nobody gets from it to the secret.
    var fingerprint: String { Base64URL.encode(SHA256.hash(bytes).span) }

    /// Seals what belongs to the browser.
    var sealingKey: SealingKey {
        do throws(CryptographyError) {
            return try SealingKey(bytes: derived(for: "gatehouse web session record"))
        } catch {
            preconditionFailure("a derived key has the length of a key")
        }
    }

    /// Proves that something was made for this browser.
    func code(for purpose: String, _ content: [UInt8] = []) -> AuthenticationCode {
        HMACSHA256(key: derived(for: "gatehouse web " + purpose)).authenticationCode(for: content.span)
    }

    private func derived(for purpose: String) -> [UInt8] {
        HKDFSHA256.deriveKey(from: bytes, context: Array(purpose.utf8), count: SealingKey.length)
    }
}

extension BrowserSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "****" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["bytes": "****"]) }
}
