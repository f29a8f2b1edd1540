internal import Contract
public import Hosting
public import Operations
internal import Postgres
internal import Redis

/// Everything that can be told to the API.
public struct APIConfiguration: Sendable {
    public let host: HostSettings
    public let state: StateSettings
    public let origins: CORSOrigins
    let tokens: TokenSettings
    let accounts: AccountSettings
    let documents: DocumentSettings
    public let limits: LimitSettings

    /// Which other sites' pages may call the API.
    public struct CORSOrigins: Equatable, Sendable {
        public var listed: [String]
        public var allowsAny: Bool
    }

    public init(_ reader: ConfigurationReader, needsSecret: Bool = true) {
        host = HostSettings(reader, listenName: "API_LISTEN", defaultListen: "127.0.0.1:5000")
        state = StateSettings(reader)
        tokens = TokenSettings(
            reader,
            environment: host.environment,
            database: state.database,
            needsSecret: needsSecret
        )
        accounts = AccountSettings(reader)
        origins = reader.group("Browsers") {
            let texts = reader.values(
                "CORS_ORIGINS",
                default: "",
                help: "Sites whose pages may call the API from a browser; `*` for all, outside production",
                expects: "origins such as https://app.example.com, or `*`",
                parse: { APIConfiguration.isOrigin($0) ? $0 : nil }
            )
            return CORSOrigins(listed: texts.filter { $0 != "*" }, allowsAny: texts.contains("*"))
        }
        limits = LimitSettings(reader)
        documents = DocumentSettings(reader, environment: host.environment)
        if host.environment == .production { checkProduction(reader) }
    }

    /// What is good enough to try, and not to let people in.
    private func checkProduction(_ reader: ConfigurationReader) {
        if origins.allowsAny {
            reader.mistake("CORS_ORIGINS", "allows every site in production", right: "list the sites")
        }
        if case .postgres(let address) = state.database, let password = address.password {
            reader.checkPassword(password, of: "DATABASE_URL", part: "the password in it ")
        }
        if let redis = state.redis { reader.checkProductionRedis(redis, of: "REDIS_URL") }
        if let password = accounts.administrator.password { reader.checkPassword(password, of: "ADMIN_PASSWORD") }
    }

    /// A scheme and an authority, as browsers send them in Origin: no path, no slash at the end.
    private static func isOrigin(_ text: String) -> Bool {
        if text == "*" { return true }
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            let authority = text.dropFirst(scheme.count)
            return !authority.isEmpty
                && authority.utf8.allSatisfy { byte in
                    byte > 0x20 && byte < 0x7F && !"/?#@\\\"<>".utf8.contains(byte)
                }
        }
        return false
    }

    /// How a process gets its configuration.
    public static let program = ProgramConfiguration<APIConfiguration>(
        siblings: SharedVariables.web.union(SharedVariables.stack),
        make: { APIConfiguration($0) }
    )

    /// The same for commands that make no tokens.
    static let withoutTokens = ProgramConfiguration<APIConfiguration>(
        siblings: SharedVariables.web.union(SharedVariables.stack),
        make: { APIConfiguration($0, needsSecret: false) }
    )
}
