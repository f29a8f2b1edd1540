import Database
import Linux
import Migrations
import Networking
import Operations
import TestKit
import Tokens

@testable import API

/// Instances of the API, as far as keys go, on one database and one clock.
final class KeyBench {
    /// What one instance has.
    struct Instance {
        let keys: SigningKeys
        let access: AccessTokens
        let database: SwitchedDatabase

        func issue(at time: WallTime) throws -> String {
            let (user, session) = (TokenSamples.user(), TokenSamples.identifier())
            return try access.issue(for: user, session: session, at: time).text
        }

        func accepts(_ text: String, at time: WallTime) async -> Bool {
            (try? await access.verify(text, at: time)) != nil
        }

        /// The key that signs.
        var signer: String? { keys.keySet?.signer.keyID }
    }

    let database: any Database
    let loop: EventLoop
    let settings: TokenSettings
    let log = CollectingLogSink()
    private let pool: BlockingPool
    private let clock = Lock(TokenSamples.now)
    private var started: [SigningKeys] = []

    var now: WallTime { clock.withLock { $0 } }

    func advance(_ duration: Duration) { clock.withLock { $0 = $0 + duration } }

    private init(_ database: any Database, _ algorithm: JWTAlgorithm, _ loop: EventLoop) throws {
        self.database = database
        self.loop = loop
        settings = TokenSamples.settings(algorithm)
        pool = try BlockingPool(name: "keys", threads: 1, queueLimit: 64)
    }

    static func with(
        _ kind: TestDatabase,
        _ algorithm: JWTAlgorithm = .es256,
        _ body: @escaping @Sendable (KeyBench) async throws -> Void
    ) async throws {
        let folder = try kind.migrations()
        try await kind.with { database, open in
            _ = try await Migrator(database, folder).apply()
            let bench = try KeyBench(database, algorithm, try open().loop)
            do { try await body(bench) } catch {
                await bench.close()
                throw error
            }
            await bench.close()
        }
    }

    /// One that has not started. It looks by itself only as often as it is told: by default not while a test runs.
    func instance(
        _ secret: TokenSecret = TokenSamples.secret,
        timing: SigningKeys.Timing = .slow
    ) -> Instance {
        let database = SwitchedDatabase(database)
        let clock = clock
        let keys = SigningKeys(
            settings,
            secret: secret,
            database: database,
            on: loop,
            pool: pool,
            logger: Logger(minimumLevel: .debug, sink: log),
            timing: timing,
            wallTime: { clock.withLock { $0 } }
        )
        started.append(keys)
        return Instance(keys: keys, access: AccessTokens(settings, keys: keys), database: database)
    }

    func startedInstance(_ secret: TokenSecret = TokenSamples.secret) async throws -> Instance {
        let instance = instance(secret)
        try await instance.keys.start()
        return instance
    }

    func rotation(_ secret: TokenSecret = TokenSamples.secret) -> KeyRotation {
        guard let maker = SigningKeyMaker(settings.algorithm, secret, pool: pool) else {
            preconditionFailure("only tests of key pairs rotate")
        }
        return KeyRotation(database: database, algorithm: settings.algorithm, maker: maker)
    }

    /// The states of all keys, sorted.
    func states() async throws -> [SigningKey.State] {
        try await rotation().list().map(\.state).sorted { $0.rawValue < $1.rawValue }
    }

    private func close() async {
        for keys in started { await keys.stop() }
        pool.close()
    }
}

extension SigningKeys.Timing {
    static var slow: SigningKeys.Timing {
        var timing = SigningKeys.Timing()
        timing.interval = .seconds(3_600)
        timing.retry = .seconds(3_600)
        timing.leastInterval = .seconds(3_600)
        return timing
    }

    static var quick: SigningKeys.Timing {
        var timing = SigningKeys.Timing()
        timing.interval = .milliseconds(5)
        timing.retry = .milliseconds(5)
        return timing
    }
}

/// A database that can be taken away, and counts how often somebody asked for keys.
final class SwitchedDatabase: Database {
    private let base: any Database
    var isAway = false
    private(set) var looks = 0

    init(_ base: any Database) { self.base = base }

    var dialect: DatabaseDialect { base.dialect }

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        if statement.text.hasPrefix("SELECT") { looks += 1 }
        if isAway { throw DatabaseError(.unavailable) }
        return try await base.query(statement)
    }

    func transaction<Value>(_ body: (any QueryExecutor) async throws -> Value) async throws -> Value {
        try await base.transaction(body)
    }

    func ping(timeout: Duration) async throws(DatabaseError) -> Duration { try await base.ping(timeout: timeout) }

    func close() async { await base.close() }
}
