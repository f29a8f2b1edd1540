internal import Contract
public import HTTPEngine
public import Hosting
internal import Linux
public import Operations
public import Redis

/// Everything that can be told to the web front end.
public struct WebConfiguration: Sendable {
    public let host: HostSettings
    /// Where the API is.
    public let api: HTTPOrigin
    let apiTimeout: Duration
    /// Nil: sessions are in the memory of this process.
    public let redis: RedisAddress?
    /// Where people reach the pages, if that is configured.
    public let publicOrigin: PublicOrigin?
    let cookieSecurity: CookieSettings.Security
    let sessionLife: SessionLife
    /// Nil: looked for.
    let templatesPath: String?
    let offersSignUp: Bool

    private enum SignUp: String, CaseIterable, Sendable {
        case open
        case invite
        case closed
    }

    public init(_ reader: ConfigurationReader) {
        host = HostSettings(reader, listenName: "WEB_LISTEN", defaultListen: "127.0.0.1:8000")
        (api, apiTimeout) = reader.group("API") {
            (
                reader.value(
                    "API_URL",
                    default: "http://127.0.0.1:5000",
                    help: "Where the API is reached",
                    expects: "http://host:port or unix:/path",
                    parse: { HTTPOrigin($0) }
                ),
                reader.duration(
                    "API_TIMEOUT",
                    default: .seconds(10),
                    in: .milliseconds(100) ... .seconds(12),
                    help: "Time for one call of the API"
                )
            )
        }
        redis = reader.group("Redis") {
            reader.optionalSecret(
                "REDIS_URL",
                help: "Where copies of revocations, counters and web sessions are kept; unset: in this process",
                expects: "redis://user:password@host:port/database or unix:/path",
                parse: { try? RedisAddress($0) }
            )
        }
        (publicOrigin, templatesPath, offersSignUp) = reader.group("Pages") {
            (
                reader.optionalValue(
                    "PUBLIC_URL",
                    help: "Where people reach the pages; unset: wherever a request says",
                    expects: "https://host or http://host:port, without a path",
                    parse: { PublicOrigin($0) }
                ),
                reader.optionalText(
                    "TEMPLATES_PATH",
                    help: "The folder templates of this repository; unset: looked for"
                ),
                reader.choice("SIGNUP", default: SignUp.open, help: "Who may make an account for themselves") == .open
            )
        }
        cookieSecurity = reader.group("Web sessions") {
            reader.choice(
                "COOKIE_SECURE",
                default: CookieSettings.Security.auto,
                help: "Whether cookies are for https only; auto: where the request or PUBLIC_URL is"
            )
        }
        sessionLife = reader.group("Web sessions") { SessionLife(reader) }
        if cookieSecurity == .false, publicOrigin?.isSecure == true {
            reader.mistake("COOKIE_SECURE", "is false though PUBLIC_URL is https", right: "leave it out")
        }
        if host.environment == .production { checkProduction(reader) }
    }

    /// What is good enough to try, and not to let people in.
    private func checkProduction(_ reader: ConfigurationReader) {
        if let publicOrigin {
            if !publicOrigin.isSecure {
                reader.mistake("PUBLIC_URL", "is plain http in production", right: "expected https://host")
            }
        } else if !reader.mistakes.contains(where: { $0.name == "PUBLIC_URL" }) {
            reader.mistake("PUBLIC_URL", "is not set in production", right: "expected https://host")
        }
        if cookieSecurity == .false, publicOrigin?.isSecure != true {
            reader.mistake("COOKIE_SECURE", "is false in production", right: "leave it out")
        }
        if let redis { reader.checkProductionRedis(redis, of: "REDIS_URL") }
    }

    /// How a process gets its configuration.
    public static let program = ProgramConfiguration<WebConfiguration>(
        siblings: SharedVariables.api.union(SharedVariables.stack),
        make: { WebConfiguration($0) }
    )
}

extension SessionLife {
    fileprivate init(_ reader: ConfigurationReader) {
        idle = reader.duration(
            "WEB_SESSION_IDLE_SECONDS",
            default: .seconds(3_600),
            in: .seconds(60)...(.seconds(31_536_000)),
            help: "After that long without a request a session ends, unless the person asked to be kept signed in"
        )
        longest = reader.duration(
            "WEB_SESSION_MAX_SECONDS",
            default: .seconds(2_592_000),
            in: .seconds(60)...(.seconds(31_536_000)),
            help: "After that long every session ends"
        )
        if longest < idle {
            reader.mistake("WEB_SESSION_IDLE_SECONDS", "is longer than WEB_SESSION_MAX_SECONDS", right: "lower it")
        }
    }
}
