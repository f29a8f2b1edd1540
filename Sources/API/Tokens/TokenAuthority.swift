internal import Linux
internal import Networking
internal import Operations

/// The tokens of the API as a part of the program: the secret is found, and every loop has its keys, before the server
/// starts. Comes after the stores.
final class TokenAuthority: Service {
    let name = "tokens"
    private let settings: TokenSettings
    private let location: StateSettings.DatabaseLocation
    private let state: State
    private let group: EventLoopGroup
    private let logger: Logger
    private let made = Lock<[LoopBound<TokenParts>]>([])
    private let pool = Lock<BlockingPool?>(nil)

    init(
        _ settings: TokenSettings,
        _ location: StateSettings.DatabaseLocation,
        _ state: State,
        on group: EventLoopGroup,
        logger: Logger
    ) {
        self.settings = settings
        self.location = location
        self.state = state
        self.group = group
        self.logger = logger
    }

    /// What a loop makes and checks tokens with. To be asked on it, after the start.
    func parts(on loop: EventLoop) -> TokenParts { made.withLock { $0[loop.index] }.value }

    func start() async throws {
        let secret = try await TokenSecret.establish(settings.secret, database: location, logger: logger)
        let pool = try BlockingPool(name: "keys", threads: 1, queueLimit: group.loops.count)
        self.pool.withLock { $0 = pool }
        do {
            // One after the other: the first makes a key where there is none.
            for loop in group.loops {
                let parts = try await loop.run { [self] in
                    let parts = makeParts(secret, pool, on: loop)
                    try await parts.keys.start()
                    return LoopBound(parts, on: loop)
                }
                made.withLock { $0.append(parts) }
            }
        } catch {
            await stop(within: .seconds(1))
            throw error
        }
    }

    func stop(within limit: Duration) async {
        for bound in made.withLock({ $0 }) { await bound.loop.spawn { await bound.value.keys.stop() }.value }
        pool.withLock { $0 }?.close()
    }

    private func makeParts(_ secret: TokenSecret, _ pool: BlockingPool, on loop: EventLoop) -> TokenParts {
        let keys = SigningKeys(
            settings,
            secret: secret,
            database: state.stores(on: loop).database,
            on: loop,
            pool: pool,
            logger: logger
        )
        return TokenParts(settings, secret: secret, keys: keys)
    }
}
