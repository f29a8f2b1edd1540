internal import Cryptography
internal import Operations
internal import SQLite
internal import Tokens

/// How tokens are made, how long they live, and how many sessions somebody may have.
struct TokenSettings: Sendable {
    /// What the loser of two refreshes within the reuse window gets.
    enum ReusePolicy: String, CaseIterable, Sendable {
        /// 401; the session lives.
        case reject
        /// The same successor again, for clients that lose answers.
        case replay
    }

    /// What happens at a sign-in beyond the limit of sessions.
    enum SessionLimitPolicy: String, CaseIterable, Sendable {
        /// The oldest session ends.
        case oldest
        /// The sign-in is refused.
        case refuse
    }

    static let shortestSecret = 32
    /// No configuration lets an access token live longer: for whoever does not know that of the instances that serve.
    static let longestAccessLifetime = Duration.seconds(86_400)

    var algorithm: JWTAlgorithm
    /// Nil only where one is made: see `TokenSecret.establish`.
    var secret: Secret?
    /// Signs in place of the keys in the database.
    var privateKey: PrivateKey?
    var issuer: String
    var audience: String
    var accessLifetime: Duration
    var refreshLifetime: Duration
    var reuseWindow: Duration
    var reusePolicy: ReusePolicy
    /// 0: as many as somebody likes.
    var sessionLimit: Int
    var sessionLimitPolicy: SessionLimitPolicy
}

extension TokenSettings {
    /// `needsSecret` is false for commands that make no tokens: to migrate a database nobody has to know the secret.
    init(
        _ reader: ConfigurationReader,
        environment: Environment,
        database: StateSettings.DatabaseLocation,
        needsSecret: Bool = true
    ) {
        self = reader.group("Tokens") {
            TokenSettings(
                algorithm: reader.choice("JWT_ALGORITHM", default: .hs256, help: "How access tokens are signed"),
                secret: reader.optionalSecret(
                    "JWT_SECRET",
                    minimumBytes: TokenSettings.shortestSecret,
                    help:
                        "Signs HS256 tokens and protects refresh tokens and stored keys; development makes one for SQLite"
                ),
                privateKey: reader.optionalSecret(
                    "JWT_PRIVATE_KEY",
                    help: "Signs RS256, ES256 or EdDSA tokens; unset: keys are made and kept in the database",
                    expects: "an unencrypted private key in PEM: RSA of 2048 bits or more, P-256 or Ed25519",
                    parse: { try? PrivateKey(pem: $0) }
                ),
                issuer: reader.text("JWT_ISSUER", default: "gatehouse", help: "`iss` of access tokens"),
                audience: reader.text("JWT_AUDIENCE", default: "gatehouse", help: "`aud` of access tokens"),
                accessLifetime: reader.duration(
                    "ACCESS_TOKEN_EXPIRE_SECONDS",
                    default: .seconds(900),
                    in: .seconds(10)...TokenSettings.longestAccessLifetime,
                    help: "How long an access token lives"
                ),
                refreshLifetime: reader.duration(
                    "REFRESH_TOKEN_EXPIRE_SECONDS",
                    default: .seconds(2_592_000),
                    in: .seconds(60)...(.seconds(31_536_000)),
                    help: "How long a session lives without being used"
                ),
                reuseWindow: reader.duration(
                    "REFRESH_REUSE_WINDOW",
                    default: .seconds(10),
                    in: .zero...(.seconds(300)),
                    help: "How long a refresh token that was just used is no sign of theft"
                ),
                reusePolicy: reader.choice(
                    "REFRESH_REUSE_POLICY",
                    default: .reject,
                    help: "What it gets meanwhile: a refusal, or the same successor again"
                ),
                sessionLimit: reader.integer(
                    "SESSION_LIMIT",
                    default: 100,
                    in: 0...10_000,
                    unit: "sessions",
                    help: "Most sessions of one user; 0 for no limit"
                ),
                sessionLimitPolicy: reader.choice(
                    "SESSION_LIMIT_POLICY",
                    default: .oldest,
                    help: "Beyond it the oldest session ends, or the sign-in is refused"
                )
            )
        }
        if let secret {
            checkStrength(of: secret, reader, environment)
        } else if needsSecret {
            noteMissingSecret(reader, environment, database)
        }
        checkKey(reader)
        // A session would be forgotten before its last token has expired, and whoever ends it then would find none.
        if accessLifetime > refreshLifetime {
            reader.mistake(
                "ACCESS_TOKEN_EXPIRE_SECONDS",
                "is longer than REFRESH_TOKEN_EXPIRE_SECONDS",
                right: "lower it, or raise the other"
            )
        }
    }

    private func checkStrength(of secret: Secret, _ reader: ConfigurationReader, _ environment: Environment) {
        guard environment == .production, let weakness = SecretWeakness(of: secret) else { return }
        reader.mistake("JWT_SECRET", "\(weakness)", right: "expected a random one, as `openssl rand -hex 32` prints")
    }

    private func noteMissingSecret(
        _ reader: ConfigurationReader,
        _ environment: Environment,
        _ database: StateSettings.DatabaseLocation
    ) {
        // One that is there but wrong was already noted.
        guard !reader.mistakes.contains(where: { $0.name.hasPrefix("JWT_SECRET") }) else { return }
        let right = "expected at least \(TokenSettings.shortestSecret) bytes, as `openssl rand -hex 32` prints"
        if environment != .development {
            reader.mistake("JWT_SECRET", "is not set in \(environment)", right: right)
        } else if case .postgres = database {
            // Several processes may work on one Postgres: each would make a secret of its own.
            reader.mistake("JWT_SECRET", "is not set, and Postgres is shared", right: right)
        }
    }

    private func checkKey(_ reader: ConfigurationReader) {
        guard let privateKey else { return }
        let fitting = JWTAlgorithm(privateKey.kind)
        if algorithm == .hs256 {
            reader.mistake(
                "JWT_PRIVATE_KEY",
                "signs nothing with HS256",
                right: "set JWT_ALGORITHM to \(fitting.rawValue)"
            )
        } else if fitting != algorithm {
            reader.mistake("JWT_PRIVATE_KEY", "is a key for \(fitting.rawValue), not for \(algorithm.rawValue)")
        }
    }
}
