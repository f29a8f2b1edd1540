/// How new passwords are hashed.
public enum PasswordScheme: Equatable, Sendable {
    case argon2id(Argon2Parameters)
    case bcrypt(BcryptCost)

    /// argon2id with 19 MiB and two passes.
    public static let standard = PasswordScheme.argon2id(.standard)
}

extension PasswordScheme: CustomStringConvertible {
    public var description: String {
        switch self {
        case .argon2id(let parameters): "argon2id \(parameters)"
        case .bcrypt(let cost): "bcrypt \(cost)"
        }
    }
}
