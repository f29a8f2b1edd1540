import Database
import Ephemeral
import Linux
import Networking
import Redis

enum RedisLoads {
    /// Lookups by one task alone and by many at once, over the one connection of a loop, in short turns, so that a busy
    /// moment of the machine meets both alike. Answers the rates of each.
    static func revocations(_ address: String, on group: EventLoopGroup, _ load: Load) async throws -> String {
        try await withStore(address, on: group) { stores in
            let store = [stores[0]]
            let generation = try await stores[0].loop.run { try await prepareCopy(in: stores[0].value) }
            let lookup: Load.Operation<RedisStore> = { try await look($0, generation, &$1) }
            let turn = Duration.milliseconds(100)
            var alone: [Double] = []
            var together: [Double] = []
            let end = MonotonicTime.now() + load.duration
            // Warms up.
            _ = try await Load(tasks: load.tasks, duration: turn).run(on: store, lookup)
            while MonotonicTime.now() < end {
                alone.append(try await Load(tasks: 1, duration: turn).run(on: store, lookup).perSecond)
                together.append(try await Load(tasks: load.tasks, duration: turn).run(on: store, lookup).perSecond)
            }
            return #"{"alone": \#(alone), "together": \#(together)}"#
        }
    }

    /// Hits of ten thousand subjects, each counted in three windows.
    static func limiter(_ address: String, on group: EventLoopGroup, _ load: Load) async throws -> LoadFigures {
        let windows = [
            SlidingWindow(length: .seconds(60), limit: 60), SlidingWindow(length: .seconds(3_600), limit: 600),
            SlidingWindow(length: .seconds(86_400), limit: 6_000),
        ]
        return try await withStore(address, on: group) { stores in
            try await load.run(on: stores) { store, random in
                let subject = "login:\(Int.random(in: 0..<10_000, using: &random))"
                _ = try await store.hit(subject, windows: windows, at: .now())
            }
        }
    }

    private static func withStore<Value>(
        _ address: String,
        on group: EventLoopGroup,
        _ body: ([LoopBound<RedisStore>]) async throws -> Value
    ) async throws -> Value {
        let settings = RedisSettings(address: try RedisAddress(address))
        return try await withStores(on: group) { loop in
            RedisStore(RedisConnection.open(settings, on: loop))
        } close: {
            await $0.close()
        } _: { stores in
            for store in stores { _ = try await store.loop.run { try await store.value.ping(timeout: .seconds(1)) } }
            return try await body(stores)
        }
    }
}

// MARK: - What RevocationCopy does

/// A lookup of a token that was not revoked, as nearly all are: no key for its session, none for its user, and the mark
/// that the copy is whole.
extension RedisLoads {
    private static let complete = Array("complete".utf8)

    /// Answers the key of the mark.
    private static func prepareCopy(in store: RedisStore) async throws -> String {
        guard let generation = store.generation else { throw NoVerdict() }
        let mark = "revocations:" + generation
        try await store.set(mark, to: complete, expiresIn: .seconds(3_600), when: .always)
        return mark
    }

    private static func look(_ store: RedisStore, _ mark: String, _ random: inout RandomNumbers) async throws {
        let session = UUID(high: random.next(), low: random.next())
        let user = UUID(high: random.next(), low: random.next())
        let values = try await store.get(["revoked:s:\(session)", "revoked:u:\(user)", mark])
        guard values[0] == nil, values[1] == nil, values[2] == complete else { throw NoVerdict() }
    }

    private struct NoVerdict: Error {}
}
