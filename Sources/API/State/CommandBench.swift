internal import Database
internal import Ephemeral
internal import Linux
internal import Networking
internal import Operations
internal import Passwords
internal import Postgres
internal import Redis
internal import SQLite

/// What a command works on: the stores of the running system, opened on a loop of their own and closed when it is done.
final class CommandBench {
    /// The log of commands, which print what they do: only what is wrong.
    static let logger = Logger(minimumLevel: .warning, sink: DescriptorLogSink())

    let database: any Database
    private let settings: StateSettings
    private let name: String
    private let loop: EventLoop
    private let sqlite: SQLiteStore?
    private let resolver: BlockingPool
    private var redis: RedisStore?
    private var revocations: RevocationStore?

    /// Runs the body on the loop.
    ///
    /// - Parameters:
    ///   - command: how the servers list the connection.
    ///   - isPatient: a statement may take as long as it takes, and wait for another process that is at the same.
    static func with<Value: Sendable>(
        _ settings: StateSettings,
        for command: String,
        isPatient: Bool = false,
        _ body: @escaping @Sendable (CommandBench) async throws -> Value
    ) async throws -> Value {
        let resolver = try BlockingPool(name: "names", threads: 1, queueLimit: 4)
        defer { resolver.close() }
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        return try await loop.run {
            let bench = try CommandBench(settings, "gatehouse-\(command)", isPatient: isPatient, resolver, on: loop)
            let result: Result<Value, any Error>
            do { result = .success(try await body(bench)) } catch { result = .failure(error) }
            await bench.close()
            return try result.get()
        }
    }

    private init(
        _ settings: StateSettings,
        _ name: String,
        isPatient: Bool,
        _ resolver: BlockingPool,
        on loop: EventLoop
    ) throws {
        self.settings = settings
        self.name = name
        self.loop = loop
        self.resolver = resolver
        var pool = PostgresSettings()
        pool.maximumConnections = 1
        pool.applicationName = name
        if isPatient {
            pool.statementTimeout = nil
            pool.lockTimeout = nil
            pool.idleInTransactionTimeout = nil
        }
        sqlite = try settings.openSQLite(isPatient: isPatient)
        database = settings.openDatabase(sqlite, pool: pool, on: loop, logger: CommandBench.logger)
    }

    /// Accounts as the API changes them: what is said to be done is in force for all who serve. To be asked once.
    func openAccounts(_ configuration: APIConfiguration, _ hasher: PasswordHasher) -> AccountService {
        let logger = CommandBench.logger
        let memory = MemoryStore()
        redis = settings.openRedis(named: name, resolver: resolver, on: loop, logger: logger)
        let revocations = RevocationStore(
            database: database,
            copy: redis,
            othersKeepCopies: redis == nil && database.dialect == .sqlite,
            on: loop,
            logger: logger
        )
        self.revocations = revocations
        // It tells others through the database what it can not copy.
        revocations.start(keepsCopy: false)
        let stores = State.Stores(
            database: database,
            watch: nil,
            ephemeral: redis ?? memory,
            revocations: revocations,
            limiter: RateLimiter(store: memory, fallback: memory),
            statistics: StatisticsRecorder(database: database, on: loop, logger: logger)
        )
        return makeAccountService(
            configuration,
            stores: stores,
            hasher: hasher,
            // A shell may have another environment than those who serve, whose tokens are meant.
            tokenLife: TokenSettings.longestAccessLifetime
        )
    }

    private func close() async {
        await revocations?.stop()
        await database.close()
        await redis?.close()
        await sqlite?.close()
    }
}
