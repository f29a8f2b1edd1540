/// Tokens whose signature was found right under the keys in force, with what they say: whoever is signed in sends the same
/// one again and again. Whether it is the time of one, and whether it was revoked, has to be asked each time.
struct VerifiedTokens {
    /// A token takes about a kilobyte.
    static let limit = 2_048

    /// By the whole text. How long a comparison takes helps nobody: which of them a text is compared with depends on a seed
    /// that nobody knows.
    private var tokens: [String: AccessToken] = [:]

    var count: Int { tokens.count }

    subscript(text: String) -> AccessToken? {
        // A token is ASCII. Of other texts the hash and `==` are those of their normal form: they take likes for equal.
        guard text.utf8Span.isKnownASCII else { return nil }
        return tokens[text]
    }

    mutating func insert(_ token: AccessToken, _ text: String) {
        // Those in use are back at once, and the others are gone.
        if tokens.count >= VerifiedTokens.limit { removeAll() }
        tokens[text] = token
    }

    mutating func removeAll() { tokens.removeAll(keepingCapacity: true) }
}
