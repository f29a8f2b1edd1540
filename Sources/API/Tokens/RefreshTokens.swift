internal import Cryptography
internal import Database

/// What a refresh token stands for: a state of a session.
struct RefreshToken: Equatable, Sendable {
    let session: UUID
    /// How many were exchanged before it.
    let counter: Int
}

/// Writes refresh tokens and reads them. Nothing is stored: a token is the session and its counter, with a code that only
/// we can make, in base64url. It never changes, so all loops share it.
///
/// A JWT has dots, which base64url has not: neither kind of token can be taken for the other.
struct RefreshTokens: Sendable {
    private static let contentLength = 24
    static let textLength = Base64URL.encodedCount(contentLength + AuthenticationCode.length)

    private let key: HMACSHA256

    init(_ secret: TokenSecret) { key = secret.refreshing }

    func text(for token: RefreshToken) -> String {
        precondition(token.counter >= 0, "a counter counts up from 0")
        let counter = UInt64(token.counter)
        let content = token.session.bytes + (0..<8).map { UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * $0)) }
        return Base64URL.encode((content + key.authenticationCode(for: content.span).bytes).span)
    }

    /// Nil for everything that `text` did not write under the same secret.
    func read(_ text: String) -> RefreshToken? {
        guard text.utf8.count == RefreshTokens.textLength, let bytes = Base64URL.decode(text.utf8Span.span) else {
            return nil
        }
        let content = Array(bytes.prefix(RefreshTokens.contentLength))
        let code = Array(bytes.dropFirst(RefreshTokens.contentLength))
        guard ConstantTime.areEqual(key.authenticationCode(for: content.span).storage.span, code.span) else {
            return nil
        }
        guard let session = UUID(bytes: Array(content.prefix(16))) else { return nil }
        let counter = content.dropFirst(16).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: counter).map { RefreshToken(session: session, counter: $0) }
    }
}
