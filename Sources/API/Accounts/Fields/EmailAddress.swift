/// The address of a mailbox, as RFC 5321 (section 4.1.2) writes them, with its limits.
///
/// Narrower than the standard in three ways:
/// - ASCII only. A domain of another script is accepted in its ASCII form (`xn--…`), into which browsers turn it by
///   themselves; so no two addresses look alike, and none needs Unicode's tables to be compared.
/// - No address literals (`user@[192.0.2.1]`): nobody's mailbox is there, but a program's may be.
/// - A domain has a dot and does not end in digits only. The standard wants it fully qualified, which is also what catches
///   `me@gmail`.
struct EmailAddress: Sendable {
    /// As it is kept and written to: the local part as it was typed, without quotes it does not need; the domain in lower
    /// case.
    let text: String

    static let longest = 254
    static let longestLocalPart = 64
    static let longestLabel = 63

    init(_ typed: String) throws(EmailAddressProblem) {
        let bytes = Array(typed.utf8)
        if bytes.isEmpty { throw .empty }
        if bytes.count > EmailAddress.longest { throw .tooLong }
        var reader = EmailAddressReader(bytes)
        let localPart = try reader.readLocalPart()
        let domain = try reader.readDomain()
        text = String(decoding: localPart + [UInt8(ascii: "@")] + domain, as: UTF8.self)
    }

    /// Equal for two spellings that are one account. The standard lets a host tell `Ann` from `ann`; no host that people
    /// use does, and two accounts that differ in nothing else would be a trap.
    ///
    /// The same as lower(email) in the database, since all of it is ASCII.
    var key: String { text.lowercased() }
}

extension EmailAddress: Hashable {
    static func == (left: EmailAddress, right: EmailAddress) -> Bool { left.key == right.key }
    func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
