internal import Ephemeral
internal import HTTPEngine
internal import Linux
internal import Networking
internal import Operations
internal import Redis

/// The stores of the web front end as a part of the program: opened on every loop before the server starts, closed after it
/// has stopped.
final class WebState: Service {
    /// What one loop has.
    struct Stores {
        let ephemeral: any EphemeralStore
        let client: HTTPClient
    }

    let name = "stores"
    private let redis: RedisAddress?
    private let api: HTTPOrigin
    private let group: EventLoopGroup
    private let logger: Logger
    private let opened = Lock<[LoopBound<Stores>]>([])

    init(redis: RedisAddress?, api: HTTPOrigin, on group: EventLoopGroup, logger: Logger) {
        self.redis = redis
        self.api = api
        self.group = group
        self.logger = logger
    }

    /// The stores of a loop. To be asked on it, after the start.
    func stores(on loop: EventLoop) -> Stores { opened.withLock { $0[loop.index] }.value }

    func start() async throws {
        let memory = MemoryStore()
        let resolver = try BlockingPool(name: "names", threads: 1, queueLimit: 64)
        for loop in group.loops {
            let stores = try await loop.run { [self] in LoopBound(makeStores(on: loop, memory, resolver), on: loop) }
            opened.withLock { $0.append(stores) }
        }
        logger.notice(
            "state",
            [
                "sessions": .string(redis.map { "Redis at \($0)" } ?? "in this process"),
                "api": .string(api.description),
            ]
        )
    }

    func stop(within limit: Duration) async {
        for bound in opened.withLock({ $0 }) {
            await bound.loop.spawn {
                bound.value.client.close()
                await bound.value.ephemeral.close()
            }.value
        }
    }

    private func makeStores(on loop: EventLoop, _ memory: MemoryStore, _ resolver: BlockingPool) -> Stores {
        Stores(
            ephemeral: makeEphemeral(on: loop, memory, resolver),
            client: HTTPClient(loop: loop, resolver: resolver)
        )
    }

    private func makeEphemeral(
        on loop: EventLoop,
        _ memory: MemoryStore,
        _ resolver: BlockingPool
    ) -> any EphemeralStore {
        guard let redis else { return memory }
        var settings = RedisSettings(address: redis)
        settings.resolver = resolver
        settings.log = logger
        settings.clientName = "gatehouse-web"
        return RedisStore(RedisConnection.open(settings, on: loop))
    }
}
