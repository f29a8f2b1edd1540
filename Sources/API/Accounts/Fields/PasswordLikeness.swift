/// Whether a password is a name with something hung on it.
enum PasswordLikeness {
    /// With the names taken out, forwards and backwards, what is left has to be a password by itself: long enough, and none
    /// of those that are tried first.
    static func isLike(_ password: String, names: [String]) -> Bool {
        let whole = FoldedText(password)
        var rest = whole
        // The longest first: an address before the name in it.
        for name in names.map({ FoldedText($0).folded }).sorted(by: { $0.count > $1.count })
        where name.count >= shortestName {
            rest.remove(name)
            rest.remove(name.reversed())
        }
        if rest.plain.count == whole.plain.count { return false }
        return rest.plain.count < shortestRest || CommonPasswords.standard.contains(rest)
    }

    /// The name, and the parts that its signs divide it into.
    static func names(inUsername username: String) -> [String] { [username] + parts(of: username) }

    /// The address, what is before its @, its domain, and their parts, but not the `com` at the end.
    static func names(inEmail email: String) -> [String] {
        guard let at = email.lastIndex(of: "@") else { return names(inUsername: email) }
        let (localPart, domain) = (email[..<at], email[email.index(after: at)...])
        let site = domain[..<(domain.lastIndex(of: ".") ?? domain.endIndex)]
        return [email, String(localPart), String(domain)] + parts(of: localPart) + parts(of: site)
    }

    private static func parts(of text: some StringProtocol) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.map { String($0) }
    }

    /// Shorter ones are in too many words to mean anything.
    private static let shortestName = 3
    private static let shortestRest = 8
}
