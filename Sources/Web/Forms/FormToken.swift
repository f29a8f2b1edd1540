internal import Cryptography

/// What every form carries, so that no other site can send one in somebody's name: a code that only a page made for this
/// browser has.
///
/// It is written anew for each page, under a random mask: were it the same each time, the size of compressed pages could
/// give it away bit by bit (BREACH).
enum FormToken {
    /// The field it stands in.
    static let field = "csrf_token"
    private static let purpose = "forms"
    private static let length = AuthenticationCode.length
    private static let textLength = Base64URL.encodedCount(2 * length)

    static func text(for browser: BrowserSecret) -> String {
        let mask = SecureRandom().bytes(count: length)
        return Base64URL.encode((mask + zip(mask, browser.code(for: purpose).bytes).map { $0 ^ $1 }).span)
    }

    static func isValid(_ text: String, for browser: BrowserSecret) -> Bool {
        guard text.utf8.count == textLength, let bytes = Base64URL.decode(text.utf8Span.span) else { return false }
        let code = zip(bytes.prefix(length), bytes.dropFirst(length)).map { $0 ^ $1 }
        return ConstantTime.areEqual(code.span, browser.code(for: purpose).bytes.span)
    }
}
