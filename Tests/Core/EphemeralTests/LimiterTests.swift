import Ephemeral
import Linux
import Networking
import TestKit
import Testing

/// The sliding windows, on each store.
@Suite struct LimiterTests {
    private static let minute = Duration.seconds(60)

    /// Some time in 2026, and so many microseconds after it.
    private static func time(_ microseconds: Int) -> WallTime {
        WallTime(
            seconds: 1_790_000_000 + Int64(microseconds / 1_000_000),
            nanosecondPart: Int32(microseconds % 1_000_000) * 1_000
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `a hit leaves its window at exactly its time and the length`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            let windows = [SlidingWindow(length: .seconds(10), limit: 2)]
            func hit(_ microseconds: Int) async throws -> HitOutcome {
                try await store.hit("s", windows: windows, at: LimiterTests.time(microseconds))
            }
            #expect(
                try await hit(0) == HitOutcome(isAllowed: true, windows: [WindowState(remaining: 1, retryAfter: .zero)])
            )
            #expect(
                try await hit(3)
                    == HitOutcome(
                        isAllowed: true,
                        windows: [WindowState(remaining: 0, retryAfter: .microseconds(9_999_997))]
                    )
            )
            #expect(
                try await hit(9_999_999)
                    == HitOutcome(isAllowed: false, windows: [WindowState(remaining: 0, retryAfter: .microseconds(1))])
            )
            // The first has left; the second leaves three microseconds later.
            #expect(
                try await hit(10_000_000)
                    == HitOutcome(isAllowed: true, windows: [WindowState(remaining: 0, retryAfter: .microseconds(3))])
            )
            #expect(try await !hit(10_000_002).isAllowed)
            #expect(try await hit(10_000_003).isAllowed)
            #expect(try await !hit(10_000_003).isAllowed)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the window that is full speaks for all, and none counts the hit`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            let windows = [
                SlidingWindow(length: .seconds(1), limit: 2), SlidingWindow(length: .seconds(100), limit: 3),
            ]
            func hit(_ microseconds: Int) async throws -> HitOutcome {
                try await store.hit("s", windows: windows, at: LimiterTests.time(microseconds))
            }
            #expect(try await hit(0).windows.map(\.remaining) == [1, 2])
            #expect(try await hit(1).windows.map(\.remaining) == [0, 1])
            for attempt in 2..<50 {
                let refused = try await hit(attempt)
                #expect(!refused.isAllowed)
                #expect(refused.windows.map(\.remaining) == [0, 1])
                #expect(refused.windows.map(\.retryAfter) == [.microseconds(1_000_000 - attempt), .zero])
            }
            // Had the refused ones been counted, there would be no room in either.
            #expect(try await hit(1_000_001).windows.map(\.remaining) == [1, 0])
            #expect(try await !hit(5_000_000).isAllowed)
            #expect(try await hit(100_000_000).isAllowed)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `hits of one microsecond all count, and subjects do not share`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            let windows = [SlidingWindow(length: LimiterTests.minute, limit: 5)]
            for subject in ["a", "b", ""] {
                for remaining in [4, 3, 2, 1, 0] {
                    let outcome = try await store.hit(subject, windows: windows, at: LimiterTests.time(0))
                    #expect(outcome.isAllowed && outcome.windows[0].remaining == remaining)
                }
                #expect(try await !store.hit(subject, windows: windows, at: LimiterTests.time(0)).isAllowed)
            }
            #expect(
                try await store.hit("a", windows: windows, at: LimiterTests.time(60_000_000)).windows[0].remaining == 4
            )
            #expect(try await store.get(["a", "b"]) == [nil, nil])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `no windows allow everything, and a lowered limit waits for as many as are too many`(kind: StoreKind)
        async throws
    {
        try await StoreBench.open(kind) { (_, store) async throws in
            #expect(
                try await store.hit("s", windows: [], at: LimiterTests.time(0))
                    == HitOutcome(isAllowed: true, windows: [])
            )
            let wide = [SlidingWindow(length: LimiterTests.minute, limit: 10)]
            for microsecond in 0..<10 {
                #expect(try await store.hit("s", windows: wide, at: LimiterTests.time(microsecond)).isAllowed)
            }
            let narrow = [SlidingWindow(length: LimiterTests.minute, limit: 3)]
            let refused = try await store.hit("s", windows: narrow, at: LimiterTests.time(10))
            // Room comes when two of the ten are left: the eighth, of microsecond 7, goes last.
            #expect(refused.windows == [WindowState(remaining: 0, retryAfter: .microseconds(60_000_007 - 10))])
            #expect(try await !store.hit("s", windows: narrow, at: LimiterTests.time(60_000_006)).isAllowed)
            #expect(try await store.hit("s", windows: narrow, at: LimiterTests.time(60_000_007)).isAllowed)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a hit that is taken back makes room for one, and none is taken back twice`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            let windows = [SlidingWindow(length: LimiterTests.minute, limit: 3)]
            func hit(_ microseconds: Int) async throws -> Bool {
                try await store.hit("s", windows: windows, at: LimiterTests.time(microseconds)).isAllowed
            }
            // Of a subject that is not there, nothing.
            try await store.withdrawHit(of: "s", at: LimiterTests.time(0))
            for _ in 0..<3 { #expect(try await hit(5)) }
            for missing in [0, 4, 6] { try await store.withdrawHit(of: "s", at: LimiterTests.time(missing)) }
            #expect(try await !hit(6))
            for _ in 0..<5 {
                try await store.withdrawHit(of: "s", at: LimiterTests.time(5))
                #expect(try await hit(5))
                #expect(try await !hit(5))
            }
            for _ in 0..<9 { try await store.withdrawHit(of: "s", at: LimiterTests.time(5)) }
            for _ in 0..<3 { #expect(try await hit(7)) }
            #expect(try await !hit(7))
        }
    }

    @Test func `both stores and a plain count agree on random hits`() async throws {
        try await StoreBench.open(.redis) { _, redis in
            let memory = MemoryStore()
            var generator = SplitMix(seed: 20_260_115)
            for subject in 0..<40 {
                try await LimiterTests.compare(memory, redis, subject: "s\(subject)", using: &generator)
            }
        }
    }

    private static func compare(
        _ memory: any EphemeralStore,
        _ redis: any EphemeralStore,
        subject: String,
        using generator: inout SplitMix
    ) async throws {
        let windows = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            SlidingWindow(
                length: .microseconds(Int.random(in: 1...50, using: &generator)),
                limit: Int.random(in: 1...12, using: &generator)
            )
        }
        var model = CountingLimiter()
        var now = 1_000
        for step in 0..<150 {
            // Mostly forwards by a few, at times not at all, backwards, or over an edge.
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: now -= Int.random(in: 0...20, using: &generator)
            case 1: now += Int.random(in: 10...60, using: &generator)
            case 2...4: break
            default: now += Int.random(in: 1...4, using: &generator)
            }
            let time = LimiterTests.time(now)
            if Int.random(in: 0..<8, using: &generator) == 0 {
                model.withdraw(at: now)
                try await memory.withdrawHit(of: subject, at: time)
                try await redis.withdrawHit(of: subject, at: time)
            }
            let expected = model.hit(windows, at: now)
            let (ours, theirs) = (
                try await memory.hit(subject, windows: windows, at: time),
                try await redis.hit(subject, windows: windows, at: time)
            )
            try #require(ours == expected, "memory, \(subject), step \(step)")
            try #require(theirs == expected, "redis, \(subject), step \(step)")
        }
    }
}

/// Says what a hit comes to by counting, without any cleverness.
private struct CountingLimiter {
    private var hits: [Int] = []

    mutating func withdraw(at time: Int) {
        if let index = hits.firstIndex(of: time) { hits.remove(at: index) }
    }

    mutating func hit(_ windows: [SlidingWindow], at now: Int) -> HitOutcome {
        let lengths = windows.map { Int($0.length.nanoseconds / 1_000) }
        let isAllowed = zip(windows, lengths).allSatisfy { window, length in
            hits.count { $0 > now - length } < window.limit
        }
        if isAllowed {
            hits.append(now)
            // A hit that counts lets what is older than the longest window go for good, even if time goes back.
            hits.removeAll { $0 <= now - (lengths.max() ?? 0) }
        }
        let states = zip(windows, lengths).map { window, length in
            // Moves ahead a microsecond at a time until there is room.
            var wait = 0
            while hits.count(where: { $0 > now + wait - length }) >= window.limit { wait += 1 }
            let count = hits.count { $0 > now - length }
            return WindowState(remaining: max(0, window.limit - count), retryAfter: .microseconds(wait))
        }
        return HitOutcome(isAllowed: isAllowed, windows: states)
    }
}

/// The same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
