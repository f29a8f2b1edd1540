internal import Database
internal import Ephemeral
internal import Hosting
internal import Linux
internal import Migrations
internal import Networking
internal import Operations
internal import Postgres
internal import Redis
internal import SQLite

/// The stores of the API as a part of the program: opened on every loop before the server starts, closed after it has
/// stopped.
final class State: Service {
    /// What one loop has.
    struct Stores {
        let database: any Database
        /// One more connection to the database, for questions that must not wait behind those of others. Nil where there are
        /// no connections.
        let watch: (any Database)?
        let ephemeral: any EphemeralStore
        let revocations: RevocationStore
        let limiter: RateLimiter
        let statistics: StatisticsRecorder
    }

    /// How the servers list our connections.
    private static let clientName = "gatehouse-api"

    let name = "stores"
    private let settings: StateSettings
    private let group: EventLoopGroup
    private let logger: Logger
    private let opened = Lock<[LoopBound<Stores>]>([])
    private let sqlite = Lock<SQLiteStore?>(nil)
    private let housekeeper = Lock<LoopBound<Housekeeper>?>(nil)
    private let inspector = Lock<LoopBound<StoreInspector>?>(nil)

    init(_ settings: StateSettings, on group: EventLoopGroup, logger: Logger) {
        self.settings = settings
        self.group = group
        self.logger = logger
    }

    /// The stores of a loop. To be asked on it, after the start.
    func stores(on loop: EventLoop) -> Stores { opened.withLock { $0[loop.index] }.value }

    func start() async throws {
        try await open()
        do {
            let isSchemaKnown = try await checkSchema()
            await startInspecting(isSchemaKnown: isSchemaKnown)
            for bound in opened.withLock({ $0 }) {
                await bound.loop.spawn {
                    bound.value.revocations.start()
                    bound.value.statistics.start()
                }.value
            }
            await startHousekeeping()
        } catch {
            await stop(within: .seconds(1))
            throw error
        }
        sayWhereStateIs()
    }

    func stop(within limit: Duration) async {
        if let inspector = inspector.withLock({ $0.take() }) {
            await inspector.loop.spawn { await inspector.value.stop() }.value
        }
        if let housekeeper = housekeeper.withLock({ $0.take() }) {
            await housekeeper.loop.spawn { await housekeeper.value.stop() }.value
        }
        for bound in opened.withLock({ $0 }) {
            await bound.loop.spawn {
                await bound.value.statistics.stop()
                await bound.value.revocations.stop()
                await bound.value.database.close()
                await bound.value.watch?.close()
                await bound.value.ephemeral.close()
            }.value
        }
        await sqlite.withLock { $0 }?.close()
    }

    private func startInspecting(isSchemaKnown: Bool) async {
        let bound = opened.withLock { $0[0] }
        let (settings, logger) = (settings, logger)
        let started = await bound.loop.spawn {
            let inspector = StoreInspector(
                bound.value,
                settings,
                isSchemaKnown: isSchemaKnown,
                on: bound.loop,
                logger: logger
            )
            await inspector.start()
            return LoopBound(inspector, on: bound.loop)
        }.value
        inspector.withLock { $0 = started }
    }

    private func startHousekeeping() async {
        let bound = opened.withLock { $0[0] }
        let logger = logger
        let keeper = await bound.loop.spawn {
            let keeper = Housekeeper(database: bound.value.database, on: bound.loop, logger: logger)
            keeper.start()
            return LoopBound(keeper, on: bound.loop)
        }.value
        housekeeper.withLock { $0 = keeper }
    }

    private func open() async throws {
        let store = try settings.openSQLite()
        sqlite.withLock { $0 = store }
        let (memory, held) = (MemoryStore(), HeldRevocations())
        let resolver = try BlockingPool(name: "names", threads: 1, queueLimit: 64)
        for loop in group.loops {
            let stores = try await loop.run { [self] in
                LoopBound(makeStores(on: loop, memory, held, resolver), on: loop)
            }
            opened.withLock { $0.append(stores) }
        }
    }

    private func makeStores(
        on loop: EventLoop,
        _ memory: MemoryStore,
        _ held: HeldRevocations,
        _ resolver: BlockingPool
    ) -> Stores {
        var pool = PostgresSettings()
        pool.maximumConnections = settings.databasePoolSize
        pool.applicationName = State.clientName
        let database = settings.openDatabase(sqlite.withLock { $0 }, pool: pool, on: loop, logger: logger)
        let watch = settings.openWatch(named: State.clientName, on: loop, logger: logger)
        let redis = settings.openRedis(named: State.clientName, resolver: resolver, on: loop, logger: logger)
        let ephemeral: any EphemeralStore = redis ?? memory
        // Several processes may work on one Postgres: what one of them keeps in its memory the others do not see.
        let isShared = redis != nil || database.dialect == .sqlite
        return Stores(
            database: database,
            watch: watch,
            ephemeral: ephemeral,
            revocations: RevocationStore(
                database: database,
                watch: watch,
                held: held,
                copy: isShared ? ephemeral : nil,
                on: loop,
                logger: logger
            ),
            limiter: RateLimiter(store: ephemeral, fallback: memory),
            statistics: StatisticsRecorder(database: database, on: loop, logger: logger)
        )
    }
}

// MARK: - Checks at the start

extension State {
    /// An embedded database is brought up to date here, since nobody else could; a Postgres that is behind is refused,
    /// because changing its schema is the owner's decision. One that is away is no reason not to start: false then.
    private func checkSchema() async throws -> Bool {
        let bound = opened.withLock { $0[0] }
        let settings = settings
        let logger = logger
        if case .sqlite(let location) = settings.database {
            try await migrate(location, on: bound)
            return true
        }
        return try await bound.loop.run {
            let database = bound.value.database
            do {
                try await SchemaBehind.check(database, settings)
                return true
            } catch let error as DatabaseError where error.isUnavailability {
                logger.warning("the database is away: its schema could not be checked", ["error": .error(error)])
                return false
            }
        }
    }

    /// A file is migrated by connections that wait for as long as it takes. What is in memory has only one, and nothing in it.
    private func migrate(_ location: SQLiteLocation, on bound: LoopBound<Stores>) async throws {
        let folder = try MigrationsFolder.find(.sqlite, configured: settings.migrationsPath)
        let patient = location == .memory ? nil : try settings.openSQLite(isPatient: true)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(
                try await bound.loop.run { [logger] in
                    let database = patient?.database(on: bound.loop) ?? bound.value.database
                    for file in try await Migrator(database, folder).apply() {
                        logger.notice("migration applied", ["file": .string(file.name)])
                    }
                }
            )
        } catch {
            outcome = .failure(error)
        }
        await patient?.close()
        try outcome.get()
    }

    private func sayWhereStateIs() {
        let database =
            switch settings.database {
            case .postgres(let address): "Postgres at \(address)"
            case .sqlite(let location): location.url
            }
        logger.notice(
            settings.isEmbedded ? "no database and no Redis are configured: a file and this process do" : "state",
            [
                "durable": .string(database),
                "ephemeral": .string(settings.redis.map { "Redis at \($0)" } ?? "in this process"),
            ]
        )
    }
}
