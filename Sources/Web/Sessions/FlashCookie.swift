internal import Cryptography

/// A sentence that is carried over to the next page, as it travels in a cookie: with a code, so that nobody puts words into
/// our mouth.
enum FlashCookie {
    private static let purpose = "flash"
    /// Far below what a cookie may hold.
    private static let longest = 1_000

    static func text(_ flash: Flash, for browser: BrowserSecret) -> String {
        let content = Array((flash.kind.rawValue + ":" + flash.message).utf8.prefix(longest))
        return Base64URL.encode((browser.code(for: purpose, content).bytes + content).span)
    }

    /// Nil for what `text` did not write for this browser.
    static func flash(_ text: String, for browser: BrowserSecret) -> Flash? {
        guard let bytes = Base64URL.decode(text.utf8Span.span), bytes.count > AuthenticationCode.length else {
            return nil
        }
        let content = Array(bytes.dropFirst(AuthenticationCode.length))
        let code = Array(bytes.prefix(AuthenticationCode.length))
        guard ConstantTime.areEqual(code.span, browser.code(for: purpose, content).bytes.span) else { return nil }
        let parts = String(decoding: content, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = Flash.Kind(rawValue: String(parts[0])) else { return nil }
        return Flash(kind: kind, message: String(parts[1]))
    }
}
