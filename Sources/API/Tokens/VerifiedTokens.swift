/// Tokens whose signature was found right under the keys in force, with what they say: whoever is signed in sends the same
/// one again and again, and reading it costs more than all else that is done for a small answer. Whether one has expired or
/// was revoked is not kept here and has to be asked each time. Lives on one loop.
struct VerifiedTokens {
    /// A token takes about a kilobyte.
    static let limit = 2_048

    /// By the whole text. How long a comparison takes tells nothing: with one other character it has another hash, of a
    /// seed that nobody knows.
    private var tokens: [String: AccessToken] = [:]

    var count: Int { tokens.count }

    subscript(text: String) -> AccessToken? {
        // `==` takes a letter and another that is written the same way for equal. A token is ASCII, and its likes are longer.
        guard let index = tokens.index(forKey: text), tokens[index].key.utf8.count == text.utf8.count else { return nil }
        return tokens[index].value
    }

    mutating func insert(_ token: AccessToken, _ text: String) {
        // Those in use are back at once, and the others are gone.
        if tokens.count >= VerifiedTokens.limit { removeAll() }
        tokens[text] = token
    }

    mutating func removeAll() { tokens.removeAll(keepingCapacity: true) }
}
