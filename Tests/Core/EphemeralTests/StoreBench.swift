import Ephemeral
import Linux
import Networking
import Redis
import TestKit

/// The stores that keep the same promises.
enum StoreKind: CaseIterable, Sendable {
    case redis
    case memory
}

/// One store of either kind, empty, which every loop may open.
struct StoreBench: Sendable {
    let kind: StoreKind
    private let server: RedisServer?
    private let memory: MemoryStore?
    private let clock: TestClock

    /// Runs a test on the first of some loops.
    static func run(
        _ kind: StoreKind,
        loops: Int = 1,
        _ body: @escaping @Sendable (StoreBench, EventLoopGroup) async throws -> Void
    ) async throws {
        switch kind {
        case .redis:
            try await withRedisServer { server in
                let bench = StoreBench(kind: kind, server: server, memory: nil, clock: TestClock())
                try await withLoops(loops) { group in try await body(bench, group) }
            }
        case .memory:
            let clock = TestClock()
            let bench = StoreBench(kind: kind, server: nil, memory: MemoryStore { clock.now }, clock: clock)
            try await withLoops(loops) { group in try await body(bench, group) }
        }
    }

    /// The same on one loop, with the store opened and closed.
    static func open(
        _ kind: StoreKind,
        _ body: @escaping @Sendable (StoreBench, any EphemeralStore) async throws -> Void
    ) async throws {
        try await run(kind, loops: 1) { bench, group in
            try await bench.withStore(on: group.loops[0]) { store in try await body(bench, store) }
        }
    }

    func withStore<Value>(
        on loop: EventLoop,
        _ body: (any EphemeralStore) async throws -> Value
    ) async throws -> Value {
        let store = try makeStore(on: loop)
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }

    private func makeStore(on loop: EventLoop) throws -> any EphemeralStore {
        if let memory { return memory }
        guard let server else { preconditionFailure("a bench has a server or a memory") }
        var settings = RedisSettings(address: try RedisAddress(server.socketAddress))
        // On a slow machine even a server that is well needs more than the default until it is greeted.
        settings.patience = .seconds(5)
        settings.commandTimeout = .seconds(5)
        return RedisStore(RedisConnection.open(settings, on: loop))
    }

    /// Lets time pass until `condition` holds: on the clock of the twin exactly `duration`, on a real server as long as it
    /// takes, at most ten seconds. Answers whether it came to hold.
    func passes(_ duration: Duration, until condition: () async throws -> Bool) async throws -> Bool {
        if kind == .memory {
            clock.advance(by: duration)
            return try await condition()
        }
        let deadline = MonotonicTime.now() + .seconds(10)
        while MonotonicTime.now() < deadline {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(2))
        }
        return false
    }
}

/// A clock that goes when it is told to.
final class TestClock: Sendable {
    private let time = Lock(MonotonicTime(nanoseconds: 1_000_000_000))

    var now: MonotonicTime { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}
