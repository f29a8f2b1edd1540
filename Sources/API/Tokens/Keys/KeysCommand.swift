internal import Cryptography
internal import Database
internal import Hosting
internal import Linux
internal import Networking
internal import Operations
internal import Postgres
internal import SQLite
internal import Tokens

/// The command `keys`: lists and changes the keys that tokens are signed with, on the running system's database.
enum KeysCommand {
    private enum Action: String, CaseIterable {
        case list
        case add
        case rotate
        case retire
    }

    static let command = ProgramCommand(
        "keys",
        help: "List, add, rotate or retire the keys that access tokens are signed with",
        options: [
            .flag("now", help: "rotate: let a key sign before others can know it, for when the old one was stolen")
        ],
        arguments: [
            .required("ACTION", help: "What to do", choices: Action.allCases.map(\.rawValue)),
            .optional("KEY", help: "retire: which one, as list prints it"),
        ]
    ) { invocation in
        guard let action = Action(rawValue: invocation.argument("ACTION")) else {
            preconditionFailure("the parser let an action pass that is none")
        }
        let key = invocation.optionalArgument("KEY")
        let isImmediate = invocation.isOn("now")
        if action == .retire, key == nil { throw UsageError("which key?") }
        if action != .retire, key != nil { throw UsageError("'\(action.rawValue)' takes no key") }
        if action != .rotate, isImmediate { throw UsageError("option '--now' belongs to 'rotate'") }
        let configuration = try APIConfiguration.program.load(console: invocation.console)
        // Otherwise nothing is looked up there.
        if !isFixed(configuration.tokens) { try NoDatabase.check(configuration.state.database) }
        if let fixed = try await fixedKey(configuration) {
            guard action == .list else { throw UsageError(fixed.advice) }
            invocation.console.print(fixed.line)
            return .good
        }
        let lines = try await lines(configuration.state, configuration.tokens) { rotation in
            try await perform(action, key, isImmediate: isImmediate, rotation, at: .now())
        }
        for line in lines { invocation.console.print(line) }
        return .good
    }

    /// Whether the configuration says which key signs.
    private static func isFixed(_ tokens: TokenSettings) -> Bool {
        tokens.secret != nil && (tokens.algorithm == .hs256 || tokens.privateKey != nil)
    }

    /// A key that is not in the database, and what to do instead of changing it here.
    private static func fixedKey(_ configuration: APIConfiguration) async throws -> (line: String, advice: String)? {
        let settings = configuration.tokens
        if let key = settings.privateKey {
            let line =
                "active   \(key.publicKey.webKey.thumbprint)  \(settings.algorithm.rawValue)  from JWT_PRIVATE_KEY"
            return (line, "the key is the one of JWT_PRIVATE_KEY_FILE: it is changed there")
        }
        guard settings.algorithm == .hs256 else { return nil }
        let secret = try await TokenSecret.establish(
            settings.secret,
            database: configuration.state.database,
            logger: CommandBench.logger
        )
        let advice = "HS256 signs with JWT_SECRET: another secret is another key, and everybody has to sign in again"
        return ("active   \(secret.keyID)  HS256  from JWT_SECRET", advice)
    }

    private static func perform(
        _ action: Action,
        _ key: String?,
        isImmediate: Bool,
        _ rotation: KeyRotation,
        at time: WallTime
    ) async throws -> [String] {
        switch action {
        case .list:
            return try await rotation.list().map(describe)
        case .add:
            return ["added    \(try await rotation.add(at: time).id)"]
        case .rotate:
            return describe(try await rotation.rotate(at: time, isImmediate: isImmediate), at: time)
        case .retire:
            guard let key else { preconditionFailure("a missing key was refused before") }
            try await rotation.retire(key, at: time)
            return ["retired  \(key)"]
        }
    }

    private static func describe(_ key: SigningKey) -> String {
        let since = key.retiredAt ?? key.activatedAt ?? key.createdAt
        let state = key.state.rawValue + String(repeating: " ", count: 9 - key.state.rawValue.count)
        return "\(state)\(key.id)  \(key.algorithm.rawValue)  since \(since.rfc3339)"
    }

    private static func describe(_ outcome: KeyRotation.Outcome, at time: WallTime) -> [String] {
        switch outcome {
        case .published(let next):
            let ready = (time + KeyRotation.publishing).rfc3339
            return ["next     \(next)", "it can sign from \(ready) on: run 'keys rotate' again then"]
        case .rotated(let old, let new, let next):
            return (old.map { ["retired  \($0)"] } ?? []) + ["active   \(new)", "next     \(next)"]
        }
    }

    private static func lines(
        _ state: StateSettings,
        _ tokens: TokenSettings,
        _ body: @escaping @Sendable (KeyRotation) async throws -> [String]
    ) async throws -> [String] {
        let logger = CommandBench.logger
        let secret = try await TokenSecret.establish(tokens.secret, database: state.database, logger: logger)
        let pool = try BlockingPool(name: "keys", threads: 1, queueLimit: 4)
        defer { pool.close() }
        guard let maker = SigningKeyMaker(tokens.algorithm, secret, pool: pool) else {
            preconditionFailure("HS256 was refused before")
        }
        return try await CommandBench.with(state, for: "keys") { bench in
            try await body(
                KeyRotation(
                    database: bench.database,
                    algorithm: tokens.algorithm,
                    maker: maker
                )
            )
        }
    }
}
