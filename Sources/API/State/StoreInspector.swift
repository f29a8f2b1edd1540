internal import Database
internal import Ephemeral
internal import Linux
internal import Networking
internal import Operations
internal import Redis

/// Looks at how the stores are set up, whenever one is reached that was not looked at: it may have been away at the start, or
/// come back as another. One loop of each process does it.
final class StoreInspector {
    private let database: any Database
    private let redis: RedisStore?
    private let settings: StateSettings
    private let loop: EventLoop
    private let logger: Logger
    private let interval: Duration
    private var isSchemaKnown: Bool
    /// The Redis that was looked at last.
    private var inspected: RedisIncarnation?
    private var worker: Task<Void, Never>?
    private var isStopped = false

    /// - Parameter isSchemaKnown: it was compared with what the program needs already.
    init(
        _ stores: State.Stores,
        _ settings: StateSettings,
        isSchemaKnown: Bool,
        on loop: EventLoop,
        logger: Logger,
        interval: Duration = .seconds(1)
    ) {
        database = stores.database
        redis = stores.ephemeral as? RedisStore
        self.settings = settings
        self.isSchemaKnown = isSchemaKnown
        self.loop = loop
        self.logger = logger
        self.interval = interval
    }

    /// Returns when what can be reached now was looked at.
    func start() async {
        loop.assertCurrent()
        do throws(EphemeralStoreError) {
            try await inspectRedis()
        } catch {
            logger.warning("Redis is away", ["error": .error(error)])
        }
        let confined = LoopBound(self, on: loop)
        worker = loop.spawn {
            let inspector = confined.value
            while !inspector.isStopped {
                await inspector.loop.sleep(for: inspector.interval)
                await inspector.inspect()
            }
        }
    }

    func stop() async {
        loop.assertCurrent()
        isStopped = true
        worker?.cancel()
        await worker?.value
    }

    private func inspect() async {
        if let incarnation = redis?.incarnation, incarnation != inspected { try? await inspectRedis() }
        if !isSchemaKnown { await inspectSchema() }
    }

    private func inspectRedis() async throws(EphemeralStoreError) {
        guard let redis else { return }
        for warning in try await redis.serverWarnings() { logger.warning(warning) }
        inspected = redis.incarnation
    }

    /// A service that has begun goes on: what the old schema allows it still does.
    private func inspectSchema() async {
        do {
            try await SchemaBehind.check(database, settings)
            isSchemaKnown = true
        } catch let error as DatabaseError {
            // Still away, or just busy.
            logger.debug("the schema could not be checked", ["error": .error(error)])
        } catch {
            isSchemaKnown = true
            logger.error("the schema is not what the program needs", ["error": .error(error)])
        }
    }
}
