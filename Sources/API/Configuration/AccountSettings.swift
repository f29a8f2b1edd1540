internal import Linux
internal import Operations
internal import Passwords

/// Who may have an account, what their passwords must be, and how those are kept.
struct AccountSettings: Sendable {
    /// Made where nobody can administrate yet.
    struct FirstAdministrator: Sendable {
        var username: String
        var email: String
        /// Nil: one is made, and shown once.
        var password: Secret?
    }

    private enum Scheme: String, CaseIterable, Sendable {
        case argon2id
        case bcrypt
    }

    let signUp: AccountService.SignUp
    let rules: PasswordRules
    let scheme: PasswordScheme
    /// Hashes at the same time, and how many may wait.
    let hashingThreads: Int
    let hashingQueue: Int
    let administrator: FirstAdministrator

    init(_ reader: ConfigurationReader) {
        signUp = reader.group("Accounts") {
            reader.choice("SIGNUP", default: AccountService.SignUp.open, help: "Who may make an account for themselves")
        }
        rules = reader.group("Passwords") { AccountSettings.rules(reader) }
        (scheme, hashingThreads, hashingQueue) = reader.group("Password hashes") {
            (
                AccountSettings.scheme(reader),
                reader.integer(
                    "HASHING_THREADS",
                    default: ProcessInfo.processorCount,
                    in: 1...256,
                    unit: "threads",
                    help: "Password hashes computed at the same time"
                ),
                reader.integer(
                    "HASHING_QUEUE",
                    default: 64,
                    in: 1...65_536,
                    unit: "hashes",
                    help: "Password hashes that may wait; one more is answered 503"
                )
            )
        }
        administrator = reader.group("First administrator") {
            FirstAdministrator(
                username: reader.text("ADMIN_USERNAME", default: "admin", help: "Made where there is none"),
                email: reader.text("ADMIN_EMAIL", default: "admin@example.com", help: "Made where there is none"),
                password: reader.optionalSecret("ADMIN_PASSWORD", help: "Unset: one is made, and printed once")
            )
        }
    }

    private static func rules(_ reader: ConfigurationReader) -> PasswordRules {
        var rules = PasswordRules()
        rules.minimumLength = reader.integer(
            "PASSWORD_MIN_LENGTH",
            default: rules.minimumLength,
            in: 6...128,
            unit: "characters",
            help: "Of a new password"
        )
        rules.requiresUppercase = reader.flag(
            "PASSWORD_REQUIRE_UPPERCASE",
            default: false,
            help: "Whether a new password needs a capital letter"
        )
        rules.requiresLowercase = reader.flag(
            "PASSWORD_REQUIRE_LOWERCASE",
            default: false,
            help: "Whether a new password needs a small letter"
        )
        rules.requiresDigit = reader.flag(
            "PASSWORD_REQUIRE_DIGIT",
            default: false,
            help: "Whether a new password needs a digit"
        )
        rules.requiresSymbol = reader.flag(
            "PASSWORD_REQUIRE_SYMBOL",
            default: false,
            help: "Whether a new password needs a sign that is neither letter nor digit"
        )
        rules.refusesCommon = reader.flag(
            "PASSWORD_REFUSE_COMMON",
            default: true,
            help: "Whether passwords that are tried first are refused"
        )
        return rules
    }

    private static func scheme(_ reader: ConfigurationReader) -> PasswordScheme {
        let scheme = reader.choice("PASSWORD_SCHEME", default: Scheme.argon2id, help: "How new passwords are hashed")
        let rounds = reader.integer(
            "BCRYPT_ROUNDS",
            default: 12,
            in: BcryptCost.bounds,
            help: "Cost of bcrypt: one more takes twice the time"
        )
        let memory = reader.integer(
            "ARGON2_MEMORY_KIB",
            default: 19_456,
            in: 8...262_144,
            unit: "KiB",
            help: "Memory of one argon2id hash"
        )
        let passes = reader.integer("ARGON2_ITERATIONS", default: 2, in: 1...64, help: "Passes of one argon2id hash")
        do throws(PasswordError) {
            switch scheme {
            case .bcrypt: return .bcrypt(try BcryptCost(rounds))
            case .argon2id:
                return .argon2id(try Argon2Parameters(memoryKiB: memory, iterations: passes, parallelism: 1))
            }
        } catch {
            reader.mistake(
                "ARGON2_ITERATIONS",
                "asks for too much together with ARGON2_MEMORY_KIB",
                right: "less of one"
            )
            return .standard
        }
    }
}
