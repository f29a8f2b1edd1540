/// Tells the names of secrets from other names, so that `["password": …]` is masked even when a caller forgot to.
///
/// A safety net, not the rule: the rule is that secrets are not passed to a logger.
enum SensitiveKey {
    /// Whether a field of this name is shown as `****`, whatever it holds.
    ///
    /// A name is cut into words at everything that is no letter and where `camelCase` turns. Whole words count:
    /// `token_hash` is sensitive, `tokenizer` is not.
    static func matches(_ key: String) -> Bool {
        var previous = Word()
        var current = Word()
        var found = false
        var wasLowercase = false
        for byte in key.utf8 {
            let isUppercase = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            let isLowercase = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            if !(isLowercase || isUppercase) || (isUppercase && wasLowercase) {
                found = found || isSensitive(current, after: previous)
                if !current.isEmpty { previous = current }
                current = Word()
            }
            if isLowercase || isUppercase { current.append(byte | 0x20) }
            wasLowercase = isLowercase
        }
        found = found || isSensitive(current, after: previous)
        return found && !harmless.contains(key)
    }

    private static func isSensitive(_ word: Word, after previous: Word) -> Bool {
        words.contains(word) || pairs.contains { $0.second == word && $0.first == previous }
    }

    private static let words: [Word] = [
        "password", "passwords", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "tokens", "jwt", "bearer",
        "authorization", "cookie", "cookies", "credential", "credentials", "apikey", "otp", "totp", "pepper", "csrf",
    ]

    /// Words that are harmless alone: a `cache_key` is fine, an `api_key` is not.
    private static let pairs: [(first: Word, second: Word)] = [
        ("api", "key"), ("api", "keys"), ("access", "key"), ("private", "key"), ("signing", "key"),
        ("encryption", "key"), ("recovery", "code"), ("recovery", "codes"), ("verification", "code"),
    ]

    /// Names that hold a sensitive word but say something about the secret rather than the secret.
    private static let harmless: Set<String> = [
        "token_type", "token_id", "token_count", "token_expires_at", "password_scheme", "password_cost", "cookie_name",
    ]
}

/// A lower-case word of up to sixteen letters in one register: comparing two is one instruction, which matters because
/// every key of every line is looked at. Of a longer word the last sixteen letters remain; no sensitive word is as long.
private struct Word: Equatable, ExpressibleByStringLiteral {
    private var letters: UInt128 = 0

    init() {}

    init(stringLiteral value: String) {
        for byte in value.utf8 { append(byte) }
    }

    var isEmpty: Bool { letters == 0 }

    mutating func append(_ letter: UInt8) { letters = letters << 8 | UInt128(letter) }
}
