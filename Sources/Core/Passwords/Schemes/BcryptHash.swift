internal import Cryptography

/// A bcrypt hash.
///
/// bcrypt reads 72 bytes of a password and no more. So that long ones count whole and short ones give what every other
/// program can read, there are two forms, and the password decides:
///
/// - up to 72 bytes: `$2b$12$SALT` and the digest behind it, bcrypt as it is;
/// - longer: `$bcrypt-sha256$v=2,t=2b,r=12$SALT$DIGEST`, bcrypt of the base 64 of HMAC-SHA-256 with the salt as key.
///   The name and the form are Passlib's. The salt goes in because an unsalted SHA-256 may have leaked elsewhere and
///   could be tried here instead of the password.
///
/// `$2a$` and `$2y$` differ in how programs of old got them wrong; libcrypt computes all three alike. `$2x$`, which
/// marks hashes that are wrong, is refused.
struct BcryptHash: Sendable {
    enum Form: Equatable, Sendable {
        case plain(variant: Substring)
        case digested
    }

    let form: Form
    let cost: BcryptCost
    private let salt: String
    private let digest: [UInt8]

    static let longestPlain = 72
    private static let saltBytes = 16
    /// In digits.
    private static let lengths = (salt: 22, digest: 31)

    init(
        _ password: Password,
        cost: BcryptCost,
        randomBytes: (Int) -> [UInt8]
    ) throws(PasswordError) {
        form = password.count <= BcryptHash.longestPlain ? .plain(variant: "2b") : .digested
        self.cost = cost
        let setting = try Crypt.setting(
            prefix: "$2b$",
            cost: cost.rounds,
            randomBytes: randomBytes(BcryptHash.saltBytes)
        )
        salt = String(setting.suffix(BcryptHash.lengths.salt))
        digest = try BcryptHash.digest(password, form, cost, salt)
    }

    private init(form: Form, cost: BcryptCost, salt: Substring, digest: Substring) throws(PasswordError) {
        guard
            salt.utf8.count == BcryptHash.lengths.salt, salt.utf8.allSatisfy(Crypt.isDigit),
            digest.utf8.count == BcryptHash.lengths.digest, digest.utf8.allSatisfy(Crypt.isDigit)
        else { throw PasswordError(.malformedHash) }
        self.form = form
        self.cost = cost
        self.salt = String(salt)
        self.digest = Array(digest.utf8)
    }

    /// Costs what a hash with this cost costs; its digest is nobody's.
    init(decoyWith cost: BcryptCost) {
        form = .plain(variant: "2b")
        self.cost = cost
        salt = String(repeating: ".", count: BcryptHash.lengths.salt)
        digest = [UInt8](repeating: UInt8(ascii: "."), count: BcryptHash.lengths.digest)
    }

    /// `$2b$12$` and 53 digits: what stands between the dollars, after the variant.
    init(variant: Substring, fields: ArraySlice<Substring>) throws(PasswordError) {
        let fields = Array(fields)
        guard
            fields.count == 2,
            fields[0].utf8.count == 2,
            let rounds = StoredNumbers.decimal(fields[0].hasPrefix("0") ? fields[0].dropFirst() : fields[0])
        else { throw PasswordError(.malformedHash) }
        try self.init(
            form: .plain(variant: variant),
            cost: BcryptCost(rounds),
            salt: fields[1].prefix(BcryptHash.lengths.salt),
            digest: fields[1].dropFirst(BcryptHash.lengths.salt)
        )
    }

    /// What stands between the dollars after `$bcrypt-sha256$`.
    init(digestedFields fields: ArraySlice<Substring>) throws(PasswordError) {
        let fields = Array(fields)
        let start = "v=2,t=2b,"
        guard
            fields.count == 3,
            fields[0].hasPrefix(start),
            let numbers = StoredNumbers.read(fields[0].dropFirst(start.count), names: ["r"])
        else { throw PasswordError(.malformedHash) }
        try self.init(form: .digested, cost: BcryptCost(numbers[0]), salt: fields[1], digest: fields[2])
    }

    var text: String {
        let digest = String(decoding: digest, as: UTF8.self)
        return switch form {
        case .plain(let variant): BcryptHash.setting(variant, cost, salt) + digest
        case .digested: "$bcrypt-sha256$v=2,t=2b,\(cost)$\(salt)$\(digest)"
        }
    }

    func matches(_ password: Password) throws(PasswordError) -> Bool {
        let computed = try BcryptHash.digest(password, form, cost, salt)
        return ConstantTime.areEqual(computed.span, digest.span)
    }

    /// A plain hash that matches more than 72 bytes was made elsewhere and has not read them all.
    func needsUpgrade(to wanted: BcryptCost, for password: Password) -> Bool {
        cost.rounds < wanted.rounds || (form != .digested && password.count > BcryptHash.longestPlain)
    }

    private static func digest(
        _ password: Password,
        _ form: Form,
        _ cost: BcryptCost,
        _ salt: String
    ) throws(PasswordError) -> [UInt8] {
        let hash =
            switch form {
            case .plain(let variant):
                try Crypt.hash(password.phrase(limit: longestPlain), setting: setting(variant, cost, salt))
            case .digested:
                try Crypt.hash(keyedDigest(password, key: salt), setting: setting("2b", cost, salt))
            }
        // Only the digest: of the last digit of a salt four bits are unused, and programs differ in what they write there.
        return Array(hash.suffix(lengths.digest))
    }

    private static func setting(_ variant: Substring, _ cost: BcryptCost, _ salt: String) -> String {
        "$\(variant)$\(cost.rounds < 10 ? "0" : "")\(cost.rounds)$\(salt)"
    }

    /// HMAC-SHA-256 (RFC 2104) in base 64, 44 digits: bcrypt takes them all, and no NUL is among them.
    private static func keyedDigest(_ password: Password, key: String) -> WipedMemory {
        let key = Array(key.utf8) + [UInt8](repeating: 0, count: 64 - key.utf8.count)
        var inner: [UInt8] = []
        // At once: growing would leave copies of it behind.
        inner.reserveCapacity(key.count + password.count)
        inner.append(contentsOf: key.map { $0 ^ 0x36 })
        password.withBytes { inner.append(contentsOf: $0) }
        var digest = SHA256.hash(key.map { $0 ^ 0x5C } + SHA256.hash(inner))
        var digits = PlainBase64.digits(of: digest) + [UInt8(ascii: "=")]
        defer {
            WipedMemory.wipe(&inner)
            WipedMemory.wipe(&digest)
            WipedMemory.wipe(&digits)
        }
        let phrase = WipedMemory(count: digits.count + 1)
        phrase.bytes.copyBytes(from: digits)
        return phrase
    }
}
