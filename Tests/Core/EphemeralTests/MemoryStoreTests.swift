import Linux
import Testing

@testable import Ephemeral

/// What only the store in memory has: its bounds, and its own bookkeeping.
@Suite struct MemoryStoreTests {
    private static let full = EphemeralStoreError(.refused, kind: "OOM")

    @Test func `a full store refuses what is new and keeps what it has`() async throws {
        let clock = TestClock()
        let store = MemoryStore(limits: MemoryStore.Limits(entries: 3, bytes: 1 << 20)) { clock.now }
        for key in ["a", "b", "c"] { try await store.set(key, to: [1], expiresIn: .seconds(10), when: .always) }
        await #expect(throws: MemoryStoreTests.full) {
            try await store.set("d", to: [1], expiresIn: .seconds(1), when: .always)
        }
        await #expect(throws: MemoryStoreTests.full) {
            try await store.increment("d", by: 1, expiresIn: .seconds(1))
        }
        await #expect(throws: MemoryStoreTests.full) {
            try await store.hit("d", windows: [SlidingWindow(length: .seconds(1), limit: 1)], at: .now())
        }
        #expect(try await store.get(["a", "b", "c", "d"]) == [[1], [1], [1], nil])
        // What is there may change, and what goes makes room.
        try await store.set("a", to: [2], expiresIn: .seconds(10), when: .always)
        #expect(try await store.remove(["b"]) == 1)
        try await store.set("d", to: [4], expiresIn: .seconds(20), when: .always)
        clock.advance(by: .seconds(10))
        try await store.set([
            EphemeralEntry(key: "e", value: [5], expiresIn: nil), EphemeralEntry(key: "f", value: [6], expiresIn: nil),
        ])
        #expect(try await store.get(["a", "c", "d", "e", "f"]) == [nil, nil, [4], [5], [6]])
    }

    @Test func `of many keys that do not all fit none is set`() async throws {
        let store = MemoryStore(limits: MemoryStore.Limits(entries: 10, bytes: 2_000))
        try await store.set("a", to: [1], expiresIn: nil, when: .always)
        let before = store.size
        let entries = (0..<8).map {
            EphemeralEntry(key: "k\($0)", value: [UInt8](repeating: 0, count: 200), expiresIn: nil)
        }
        await #expect(throws: MemoryStoreTests.full) { try await store.set(entries) }
        #expect(try await store.get(entries.map(\.key)).allSatisfy { $0 == nil })
        #expect(store.count == 1 && store.size == before)
    }

    @Test func `bytes are bounded, for hits as well`() async throws {
        let clock = TestClock()
        let store = MemoryStore(limits: MemoryStore.Limits(entries: 1_000, bytes: 10_000)) { clock.now }
        await #expect(throws: MemoryStoreTests.full) {
            try await store.set("k", to: [UInt8](repeating: 0, count: 10_000), expiresIn: nil, when: .always)
        }
        let windows = [SlidingWindow(length: .seconds(1_000), limit: 100_000)]
        var counted = 0
        await #expect(throws: MemoryStoreTests.full) {
            while counted < 100_000 {
                _ = try await store.hit("s", windows: windows, at: WallTime(seconds: 1, nanosecondPart: 0))
                counted += 1
            }
        }
        #expect(counted > 300 && counted < 1_250)
        #expect(store.size <= 10_000)
        clock.advance(by: .seconds(1_060))
        #expect(try await store.get(["k"]) == [nil])
        #expect(store.size == 0 && store.count == 0)
    }

    @Test func `what has expired is taken out by and by, without being asked for`() async throws {
        let clock = TestClock()
        let store = MemoryStore { clock.now }
        for number in 0..<1_000 {
            try await store.set("k\(number)", to: [1], expiresIn: .milliseconds(number + 1), when: .always)
        }
        clock.advance(by: .seconds(2))
        var accesses = 0
        while store.count > 0, accesses < 1_000 {
            _ = try await store.get(["other"])
            accesses += 1
        }
        #expect(store.count == 0 && store.size == 0)
        #expect(accesses > 10, "no single access pays for all of it")
    }

    @Test func `the table agrees with a plain dictionary on random changes`() throws {
        var generator = SplitMix(seed: 7)
        var table = ExpiringTable<Int>()
        var model: [String: (value: Int, size: Int, expiry: MonotonicTime)] = [:]
        var now = MonotonicTime(nanoseconds: 0)
        for step in 0..<20_000 {
            let key = "k\(Int.random(in: 0..<40, using: &generator))"
            let isThere = model[key].map { $0.expiry > now } ?? false
            let expiry =
                Bool.random(using: &generator)
                ? now + .nanoseconds(Int.random(in: 1...300, using: &generator)) : .distantFuture
            switch Int.random(in: 0..<7, using: &generator) {
            case 0, 1:
                let size = Int.random(in: 1...9, using: &generator)
                table.set(key, to: step, size: size, expiry: expiry)
                model[key] = (step, size, expiry)
            case 2:
                #expect(table.remove(key, at: now) == isThere)
                model[key] = nil
            case 3:
                #expect(table.setExpiry(of: key, to: expiry, at: now) == isThere)
                if isThere { model[key]?.expiry = expiry }
            case 4:
                let isChanged = table.update(key, at: now) { value in
                    value = -step
                    return 3
                }
                #expect(isChanged == isThere)
                if let old = model[key], isThere { model[key] = (-step, 3, old.expiry) }
            case 5: now = now + .nanoseconds(Int.random(in: 0...40, using: &generator))
            default:
                table.collect(at: now, limit: .max)
                model = model.filter { $0.value.expiry > now }
                #expect(table.count == model.count)
                #expect(table.size == model.values.reduce(0) { $0 + $1.size })
            }
            #expect(table.value(for: key, at: now) == (model[key].flatMap { $0.expiry > now ? $0.value : nil }))
        }
    }

    @Test(arguments: [
        (Duration.zero, 1), (.seconds(-1), 1), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1_001), 2),
        (.seconds(1), 1_000), (.seconds(Int64.max), 3_153_600_000_000),
    ])
    func `times to live are whole milliseconds, rounded up`(duration: Duration, milliseconds: Int) {
        #expect(duration.timeToLive == milliseconds)
    }

    @Test func `an error shows its code and the kind of reply, and nothing else`() {
        #expect(EphemeralStoreError(.refused, kind: "WRONGTYPE").description == "store error: refused, WRONGTYPE")
        #expect(EphemeralStoreError(.fateUnknown).description == "store error: fateUnknown")
    }
}
