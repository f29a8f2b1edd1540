/// Makes and checks password hashes, on the thread that asks: tens of milliseconds of computing, so never on a loop's.
public struct PasswordHashing: Sendable {
    /// What new hashes are made with.
    public let scheme: PasswordScheme
    private let randomBytes: @Sendable (Int) -> [UInt8]
    let decoy: PasswordHash

    /// - Parameter randomBytes: that many bytes, for salts.
    public init(
        scheme: PasswordScheme,
        randomBytes: @escaping @Sendable (Int) -> [UInt8] = PasswordHashing.systemRandomBytes
    ) {
        self.scheme = scheme
        self.randomBytes = randomBytes
        decoy =
            switch scheme {
            case .argon2id(let parameters): PasswordHash(.argon2id(Argon2Hash(decoyWith: parameters)))
            case .bcrypt(let cost): PasswordHash(.bcrypt(BcryptHash(decoyWith: cost)))
            }
    }

    /// With a new salt each time.
    public func hash(_ password: Password) throws(PasswordError) -> PasswordHash {
        switch scheme {
        case .argon2id(let parameters):
            let salt = randomBytes(Argon2Hash.saltLength)
            return PasswordHash(.argon2id(try Argon2Hash(password, parameters: parameters, salt: salt)))
        case .bcrypt(let cost):
            return PasswordHash(.bcrypt(try BcryptHash(password, cost: cost, randomBytes: randomBytes)))
        }
    }

    /// Without a stored hash, because there is no such user or the user has none, the answer takes as long as with one
    /// of the configured scheme, and is always no.
    ///
    /// A hash that was not upgraded yet takes its own time, so for as long as there are some, their owners can be told from
    /// nobody. No decoy can hide that: it would have to know whom it stands for.
    public func verify(
        _ password: Password,
        against stored: PasswordHash?
    ) throws(PasswordError) -> PasswordVerification {
        guard let stored else {
            _ = try decoy.matches(password)
            return .doesNotMatch
        }
        guard try stored.matches(password) else { return .doesNotMatch }
        return .matches(needsUpgrade: stored.needsUpgrade(to: scheme, for: password))
    }

    /// From the kernel, by way of the standard library (getrandom(2)).
    public static func systemRandomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
