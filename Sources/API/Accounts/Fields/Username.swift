/// The name somebody signs in with and is seen under.
///
/// The rule, as people are told it: 3 to 32 characters; letters from a to z, digits, and between them single dots,
/// hyphens and underscores. Capitals are kept for show and count for nothing: `Ann` and `ann` are one name.
///
/// Being ASCII, a name can not be dressed up as another with letters of other scripts, invisible characters or
/// direction marks. Without an @ none is an e-mail address, so one field can take either.
struct Username: Sendable {
    /// As it was typed.
    let text: String

    static let lengths = 3...32

    init(_ typed: String) throws(UsernameProblem) {
        let bytes = Array(typed.utf8)
        if bytes.isEmpty { throw .empty }
        if bytes.contains(UInt8(ascii: "@")) { throw .emailAddress }
        if !bytes.allSatisfy({ $0.isNameSign || $0.isNameLetter }) { throw .character }
        if bytes.count < Username.lengths.lowerBound { throw .tooShort }
        if bytes.count > Username.lengths.upperBound { throw .tooLong }
        if bytes.first?.isNameSign == true || bytes.last?.isNameSign == true { throw .signAtEnd }
        if zip(bytes, bytes.dropFirst()).contains(where: { $0.isNameSign && $1.isNameSign }) { throw .doubledSign }
        text = typed
    }

    /// Equal for two spellings that are one account: lower(username) in the database.
    var key: String { text.lowercased() }

    /// Whether a stranger would pose as the service with it, or as nobody. Nobody signs up with such a name; an
    /// administrator may give it, or there could be no first one called admin.
    var isReserved: Bool { Username.reserved.contains(key.filter { !".-_".contains($0) }) }

    /// Without their signs: `no-reply` is among them, and so is `no.reply`.
    private static let reserved: Set<String> = [
        // Those who run it.
        "admin", "administrator", "gatehouse", "helpdesk", "moderator", "operator", "owner", "root", "security",
        "staff", "superuser", "support", "sysadmin", "sysop", "system",
        // Mailboxes that RFC 2142 gives a meaning, and those that nobody reads.
        "abuse", "hostmaster", "mailerdaemon", "noc", "noreply", "postmaster", "webmaster",
        // What programs and people say for no one and for everyone.
        "all", "anonymous", "deleted", "everybody", "everyone", "nil", "nobody", "none", "null", "self", "somebody",
        "undefined", "unknown",
    ]
}

extension Username: Hashable {
    static func == (left: Username, right: Username) -> Bool { left.key == right.key }
    func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension UInt8 {
    fileprivate var isNameSign: Bool { ".-_".utf8.contains(self) }

    fileprivate var isNameLetter: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
