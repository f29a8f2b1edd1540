import Linux
import Networking

/// The same operation by many tasks, each of which begins the next one as soon as the last one is done.
struct Load: Sendable {
    /// On all loops together.
    let tasks: Int
    let duration: Duration

    typealias Operation<Store> = @Sendable (Store, inout RandomNumbers) async throws -> Void

    /// The first operation that fails ends it all.
    func run<Store>(
        on stores: [LoopBound<Store>],
        _ operation: @escaping Operation<Store>
    ) async throws -> LoadFigures {
        let start = MonotonicTime.now()
        let end = start + duration
        let running = (0..<tasks).map { number in
            let store = stores[number % stores.count]
            return store.loop.spawn { await Load.latencies(of: operation, on: store.value, seed: number, until: end) }
        }
        var latencies: [Int64] = []
        for task in running { latencies += try await task.value.get() }
        return LoadFigures(latencies: latencies, duration: .now() - start)
    }

    /// In nanoseconds. The clock is read once for each operation: the end of one is the beginning of the next.
    private static func latencies<Store>(
        of operation: Operation<Store>,
        on store: Store,
        seed: Int,
        until end: MonotonicTime
    ) async -> Result<[Int64], any Error> {
        var random = RandomNumbers(seed: UInt64(seed))
        var latencies: [Int64] = []
        var last = MonotonicTime.now()
        do {
            while last < end {
                try await operation(store, &random)
                let now = MonotonicTime.now()
                latencies.append(now.nanoseconds - last.nanoseconds)
                last = now
            }
            return .success(latencies)
        } catch {
            return .failure(error)
        }
    }
}

/// Opens something on each loop, and closes it whatever came of it.
func withStores<Store, Value>(
    on group: EventLoopGroup,
    open: @escaping @Sendable (EventLoop) throws -> Store,
    close: @escaping @Sendable (Store) async -> Void,
    _ body: ([LoopBound<Store>]) async throws -> Value
) async throws -> Value {
    var stores: [LoopBound<Store>] = []
    let outcome: Result<Value, any Error>
    do {
        for loop in group.loops { stores.append(try await loop.run { LoopBound(try open(loop), on: loop) }) }
        outcome = .success(try await body(stores))
    } catch {
        outcome = .failure(error)
    }
    for store in stores { await store.loop.spawn { await close(store.value) }.value }
    return try outcome.get()
}

/// SplitMix64: quick enough not to be noticed, unlike the system's own.
struct RandomNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
