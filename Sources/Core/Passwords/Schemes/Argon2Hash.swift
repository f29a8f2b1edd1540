internal import Cryptography

/// An argon2id hash (RFC 9106), written as the PHC string format says:
/// `$argon2id$v=19$m=19456,t=2,p=1$SALT$DIGEST`.
///
/// Its siblings argon2i and argon2d are refused: each is weaker against one kind of attack, and nothing here ever made
/// one.
struct Argon2Hash: Sendable {
    let parameters: Argon2Parameters
    let salt: [UInt8]
    let digest: [UInt8]

    static let saltLength = 16
    static let digestLength = 32

    /// What a stored hash may have. Shorter ones are too weak to let anybody in.
    private static let lengths = (salt: 8...64, digest: 16...64)

    private init(parameters: Argon2Parameters, salt: [UInt8], digest: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.digest = digest
    }

    init(_ password: Password, parameters: Argon2Parameters, salt: [UInt8]) throws(PasswordError) {
        let digest = try Argon2Digest.compute(password, parameters, salt: salt, length: Argon2Hash.digestLength)
        self.init(parameters: parameters, salt: salt, digest: digest)
    }

    /// Costs what a hash with these parameters costs; its digest is nobody's.
    init(decoyWith parameters: Argon2Parameters) {
        self.init(
            parameters: parameters,
            salt: [UInt8](repeating: 0, count: Argon2Hash.saltLength),
            digest: [UInt8](repeating: 0, count: Argon2Hash.digestLength)
        )
    }

    /// What stands between the dollars, after the name.
    init(fields: ArraySlice<Substring>) throws(PasswordError) {
        let fields = Array(fields)
        guard
            fields.count == 4,
            fields[0] == "v=19",
            let numbers = StoredNumbers.read(fields[1], names: ["m", "t", "p"]),
            let salt = PlainBase64.decode(fields[2]), Argon2Hash.lengths.salt.contains(salt.count),
            let digest = PlainBase64.decode(fields[3]), Argon2Hash.lengths.digest.contains(digest.count)
        else { throw PasswordError(.malformedHash) }
        self.init(
            parameters: try Argon2Parameters(memoryKiB: numbers[0], iterations: numbers[1], parallelism: numbers[2]),
            salt: salt,
            digest: digest
        )
    }

    var text: String {
        "$argon2id$v=19$\(parameters)$\(PlainBase64.encode(salt))$\(PlainBase64.encode(digest))"
    }

    func matches(_ password: Password) throws(PasswordError) -> Bool {
        let computed = try Argon2Digest.compute(password, parameters, salt: salt, length: digest.count)
        return ConstantTime.areEqual(computed.span, digest.span)
    }

    /// One that costs more stays. One that costs the same in another form takes another time, by which its account could be
    /// told from a name that nobody has.
    func needsUpgrade(to wanted: Argon2Parameters) -> Bool {
        let isSameForm = parameters.parallelism == wanted.parallelism && salt.count == Argon2Hash.saltLength
        return parameters.isBelow(wanted) || salt.count < Argon2Hash.saltLength
            || digest.count < Argon2Hash.digestLength
            || (!wanted.isBelow(parameters) && !isSameForm)
    }
}
