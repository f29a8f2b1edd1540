import Cryptography
import Ephemeral
import Linux
import Networking
import Redis
import TestKit

@testable import API

/// The stores that limits are counted in, of either kind, with a clock that goes when it is told to.
final class LimitBench {
    enum Kind: CaseIterable, Sendable {
        case redis
        case memory
    }

    let loop: EventLoop
    let redis: RedisServer?
    let memory = MemoryStore()
    let fallback = MemoryStore()
    private let time = Lock(LimitBench.start)
    private var opened: [any EphemeralStore] = []

    static let deviceKey = HMACSHA256(key: [UInt8](repeating: 7, count: 32))
    static let start = WallTime(seconds: 1_790_000_000)

    private init(_ loop: EventLoop, _ redis: RedisServer?) {
        self.loop = loop
        self.redis = redis
    }

    static func with(_ kind: Kind, _ body: @escaping @Sendable (LimitBench) async throws -> Void) async throws {
        let server = kind == .redis ? try RedisServer() : nil
        defer { server?.end() }
        try await server?.start()
        try await withLoop { loop in
            let bench = LimitBench(loop, server)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(bench)) } catch { outcome = .failure(error) }
            for store in bench.opened { await store.close() }
            try outcome.get()
        }
    }

    /// What one more process would have.
    func store() throws -> any EphemeralStore {
        guard let redis else { return memory }
        var settings = RedisSettings(address: try RedisAddress(redis.socketAddress))
        settings.patience = .seconds(5)
        settings.commandTimeout = .seconds(5)
        let store = RedisStore(RedisConnection.open(settings, on: loop))
        opened.append(store)
        return store
    }

    func command(_ name: String, _ words: [RedisCommand.Argument]) async throws {
        guard let redis else { return }
        let connection = RedisConnection.open(RedisSettings(address: try RedisAddress(redis.socketAddress)), on: loop)
        let reply = try await connection.send(RedisCommand(name, words))
        await connection.close()
        _ = try reply.checked()
    }

    var lastStore: (any EphemeralStore)? { opened.last }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }

    /// The clock, as something that may be carried elsewhere.
    var clock: @Sendable () -> WallTime {
        let time = time
        return { time.withLock { $0 } }
    }

    func limits(_ settings: LimitSettings) throws -> RequestLimits {
        let limiter = RateLimiter(store: try store(), fallback: fallback)
        return RequestLimits(settings, limiter: limiter, on: loop, wallTime: clock)
    }

    func loginGuard(_ backoff: LoginBackoff = LoginBackoff(), patience: Duration = .seconds(5)) throws -> LoginGuard {
        LoginGuard(
            backoff,
            deviceKey: LimitBench.deviceKey,
            store: try store(),
            fallback: fallback,
            on: loop,
            patience: patience,
            wallTime: clock
        )
    }
}
