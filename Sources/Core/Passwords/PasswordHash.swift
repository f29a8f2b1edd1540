/// A stored hash, read and found well-formed and affordable.
///
/// It prints as its scheme and parameters, never as itself: what can be tried against a list of passwords does not belong
/// into a log. `text` is for the table.
public struct PasswordHash: Sendable {
    enum Format: Sendable {
        case argon2id(Argon2Hash)
        case bcrypt(BcryptHash)
        case yescrypt(YescryptHash)
    }

    let format: Format

    /// Longer than any that is supported.
    static let longestText = 256

    init(_ format: Format) { self.format = format }

    /// Throws `unknownScheme`, `malformedHash` or `costOutOfBounds`.
    public init(_ text: String) throws(PasswordError) {
        // Seen as bytes first: characters may be joined from several, and fields are cut at bytes.
        guard text.utf8.count <= PasswordHash.longestText, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw PasswordError(.malformedHash)
        }
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count > 2, fields[0].isEmpty else { throw PasswordError(.malformedHash) }
        let rest = fields[2...]
        switch fields[1] {
        case "argon2id": format = .argon2id(try Argon2Hash(fields: rest))
        case "2a", "2b", "2y": format = .bcrypt(try BcryptHash(variant: fields[1], fields: rest))
        case "bcrypt-sha256": format = .bcrypt(try BcryptHash(digestedFields: rest))
        case "y": format = .yescrypt(try YescryptHash(text: text, fields: rest))
        default: throw PasswordError(.unknownScheme)
        }
    }

    /// What is kept.
    public var text: String {
        switch format {
        case .argon2id(let hash): hash.text
        case .bcrypt(let hash): hash.text
        case .yescrypt(let hash): hash.text
        }
    }

    func matches(_ password: Password) throws(PasswordError) -> Bool {
        switch format {
        case .argon2id(let hash): try hash.matches(password)
        case .bcrypt(let hash): try hash.matches(password)
        case .yescrypt(let hash): try hash.matches(password)
        }
    }

    /// Whether a password it matches should be hashed anew: the scheme is another than the configured one, or it costs less.
    /// One that costs more stays as it is.
    func needsUpgrade(to scheme: PasswordScheme, for password: Password) -> Bool {
        switch (format, scheme) {
        case (.argon2id(let hash), .argon2id(let wanted)): hash.needsUpgrade(to: wanted)
        case (.bcrypt(let hash), .bcrypt(let wanted)): hash.needsUpgrade(to: wanted, for: password)
        case (.argon2id, .bcrypt), (.bcrypt, .argon2id), (.yescrypt, _): true
        }
    }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
    public var description: String {
        switch format {
        case .argon2id(let hash): "argon2id \(hash.parameters)"
        case .bcrypt(let hash): "\(hash.form == .digested ? "bcrypt-sha256" : "bcrypt") \(hash.cost)"
        case .yescrypt(let hash): "yescrypt \(hash.cost)"
        }
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
