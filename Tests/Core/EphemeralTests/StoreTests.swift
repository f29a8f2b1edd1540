import Ephemeral
import Linux
import Networking
import TestKit
import Testing

/// What every store promises, asked of each.
@Suite struct StoreTests {
    @Test(arguments: StoreKind.allCases)
    func `values come back byte for byte, in the order of their keys`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            let odd: [UInt8] = Array("$5\r\nhello\r\n".utf8) + [0, 255, 13, 10]
            #expect(try await store.set("odd", to: odd, expiresIn: nil, when: .always))
            #expect(try await store.set("empty", to: [], expiresIn: .seconds(60), when: .always))
            #expect(try await store.set("clé 🗝", to: [1], expiresIn: .seconds(60), when: .always))
            let found = try await store.get(["clé 🗝", "absent", "odd", "empty", "odd"])
            #expect(found == [[1], nil, odd, [], odd])
            #expect(try await store.get([]).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a condition decides whether a key is set`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            #expect(try await !store.set("k", to: [1], expiresIn: nil, when: .onlyIfPresent))
            #expect(try await store.get(["k"]) == [nil])
            #expect(try await store.set("k", to: [2], expiresIn: nil, when: .onlyIfAbsent))
            #expect(try await !store.set("k", to: [3], expiresIn: nil, when: .onlyIfAbsent))
            #expect(try await store.get(["k"]) == [[2]])
            #expect(try await store.set("k", to: [4], expiresIn: nil, when: .onlyIfPresent))
            #expect(try await store.get(["k"]) == [[4]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a key goes when its time is over, and counts as absent then`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (bench, store) async throws in
            try await store.set("short", to: [1], expiresIn: .milliseconds(500), when: .always)
            try await store.set("long", to: [2], expiresIn: .seconds(60), when: .always)
            try await store.set("kept", to: [3], expiresIn: nil, when: .always)
            #expect(try await store.get(["short", "long", "kept"]) == [[1], [2], [3]])
            #expect(try await bench.passes(.milliseconds(500)) { try await store.get(["short"]) == [nil] })
            #expect(try await store.get(["long", "kept"]) == [[2], [3]])
            #expect(try await store.remove(["short"]) == 0)
            #expect(try await !store.expire("short", in: .seconds(1)))
            #expect(try await !store.set("short", to: [4], expiresIn: nil, when: .onlyIfPresent))
            #expect(try await store.set("short", to: [5], expiresIn: nil, when: .onlyIfAbsent))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a key can be given another time, and setting it anew forgets the old one`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (bench, store) async throws in
            for key in ["shortened", "prolonged", "renewed", "marker"] {
                let time: Duration = key == "shortened" ? .seconds(60) : .milliseconds(500)
                try await store.set(key, to: [1], expiresIn: time, when: .always)
            }
            #expect(try await store.expire("shortened", in: .milliseconds(500)))
            #expect(try await store.expire("prolonged", in: .seconds(60)))
            try await store.set("renewed", to: [2], expiresIn: nil, when: .always)
            #expect(
                try await bench.passes(.milliseconds(500)) {
                    try await store.get(["marker", "shortened"]) == [nil, nil]
                }
            )
            #expect(try await store.get(["prolonged", "renewed"]) == [[1], [2]])
            #expect(try await !store.expire("absent", in: .seconds(1)))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a time of nothing is a moment, not an error`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (bench, store) async throws in
            try await store.set("zero", to: [1], expiresIn: .zero, when: .always)
            try await store.set("negative", to: [1], expiresIn: .seconds(-5), when: .always)
            try await store.set("ages", to: [1], expiresIn: .seconds(Int64.max / 2), when: .always)
            #expect(
                try await bench.passes(.milliseconds(1)) { try await store.get(["zero", "negative"]) == [nil, nil] }
            )
            #expect(try await store.get(["ages"]) == [[1]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `many keys are set at once, the last of two that are the same`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (bench, store) async throws in
            try await store.set([])
            var entries = (0..<500).map { number in
                EphemeralEntry(key: "k\(number)", value: Array("\(number)".utf8), expiresIn: nil)
            }
            entries.append(EphemeralEntry(key: "k7", value: [7], expiresIn: .milliseconds(500)))
            try await store.set(entries)
            let found = try await store.get(entries.map(\.key))
            #expect(found.count == 501)
            #expect(found[499] == Array("499".utf8))
            #expect(found[7] == [7])
            #expect(try await bench.passes(.milliseconds(500)) { try await store.get(["k7"]) == [nil] })
            #expect(try await store.get(["k8"]) == [[UInt8(ascii: "8")]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a value is replaced only where it is what was expected`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (bench, store) async throws in
            #expect(try await !store.replace("k", [1], with: [2], expiresIn: nil))
            #expect(try await !store.replace("k", [], with: [2], expiresIn: nil))
            #expect(try await store.get(["k"]) == [nil])
            try await store.set("k", to: [0, 255, 13, 10], expiresIn: .milliseconds(400), when: .always)
            #expect(try await !store.replace("k", [0, 255, 13], with: [2], expiresIn: nil))
            #expect(try await store.get(["k"]) == [[0, 255, 13, 10]])
            #expect(try await store.replace("k", [0, 255, 13, 10], with: [2], expiresIn: .milliseconds(400)))
            #expect(try await store.get(["k"]) == [[2]])
            #expect(try await bench.passes(.milliseconds(400)) { try await store.get(["k"]) == [nil] })
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `numbers are raised and never lowered, and live as long as the longest`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (bench, store) async throws in
            func raise(_ key: String, to number: Int, _ duration: Duration) async throws {
                try await store.raise([EphemeralNumber(key: key, number: number, expiresIn: duration)])
            }
            func text(_ number: Int) -> [UInt8] { Array(String(number).utf8) }
            let (older, newer) = (1_768_473_000_123_456, 1_768_473_000_123_457)
            try await raise("a", to: newer, .milliseconds(500))
            try await raise("a", to: older, .milliseconds(1))
            try await raise("b", to: older, .seconds(60))
            try await raise("b", to: newer, .milliseconds(300))
            try await store.set("c", to: Array("none".utf8), expiresIn: nil, when: .always)
            try await raise("c", to: -5, .milliseconds(300))
            try await store.raise([])
            #expect(try await store.get(["a", "b", "c"]) == [text(newer), text(newer), text(-5)])
            #expect(try await bench.passes(.milliseconds(500)) { try await store.get(["a"]) == [nil] })
            #expect(try await store.get(["b", "c"]) == [text(newer), text(-5)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `removing tells how many were there`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            for key in ["a", "b", "c"] { try await store.set(key, to: [1], expiresIn: nil, when: .always) }
            #expect(try await store.remove(["a", "absent", "b", "a"]) == 2)
            #expect(try await store.get(["a", "b", "c"]) == [nil, nil, [1]])
            #expect(try await store.remove([]) == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a counter begins at zero, and keeps its first time to live`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (bench, store) async throws in
            #expect(try await store.increment("n", by: 5, expiresIn: .milliseconds(500)) == 5)
            #expect(try await store.increment("n", by: -7, expiresIn: .seconds(60)) == -2)
            #expect(try await store.increment("n", by: 0, expiresIn: .seconds(60)) == -2)
            #expect(try await store.get(["n"]) == [Array("-2".utf8)])
            #expect(try await bench.passes(.milliseconds(500)) { try await store.get(["n"]) == [nil] })
            #expect(try await store.increment("n", by: 1, expiresIn: .seconds(60)) == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a counter is exact to 64 bits, and refuses what does not fit`(kind: StoreKind) async throws {
        try await StoreBench.open(kind) { (_, store) async throws in
            let minute = Duration.seconds(60)
            #expect(try await store.increment("n", by: .max - 1, expiresIn: minute) == .max - 1)
            #expect(try await store.increment("n", by: 1, expiresIn: minute) == .max)
            let refusal = EphemeralStoreError(.refused, kind: "ERR")
            await #expect(throws: refusal) { try await store.increment("n", by: 1, expiresIn: minute) }
            #expect(try await store.get(["n"]) == [Array("\(Int.max)".utf8)])
            for text in ["", "one", "01", "+1", " 1", "1.0", "-0"] {
                try await store.set("t", to: Array(text.utf8), expiresIn: nil, when: .always)
                await #expect(throws: refusal, "\(text)") { try await store.increment("t", by: 1, expiresIn: minute) }
                #expect(try await store.get(["t"]) == [Array(text.utf8)])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `64 tasks on two loops lose no count and win no condition twice`(kind: StoreKind) async throws {
        try await StoreBench.run(kind, loops: 2) { bench, group in
            var tasks: [Task<(wins: Int, hits: Int), any Error>] = []
            for number in 0..<64 {
                let loop = group.loops[number % 2]
                tasks.append(
                    Task(executorPreference: loop) {
                        try await bench.withStore(on: loop) { (store) async throws in
                            var (wins, hits) = (0, 0)
                            for round in 0..<20 {
                                _ = try await store.increment("count", by: 1, expiresIn: .seconds(60))
                                let isMine = try await store.set(
                                    "lock\(round)",
                                    to: [UInt8(number)],
                                    expiresIn: nil,
                                    when: .onlyIfAbsent
                                )
                                if isMine { wins += 1 }
                                let windows = [SlidingWindow(length: .seconds(10), limit: 100)]
                                let time = WallTime(seconds: 1_000, nanosecondPart: Int32(round) * 1_000)
                                if try await store.hit("all", windows: windows, at: time).isAllowed { hits += 1 }
                            }
                            return (wins, hits)
                        }
                    }
                )
            }
            var (wins, hits) = (0, 0)
            for task in tasks {
                let result = try await task.value
                wins += result.wins
                hits += result.hits
            }
            #expect(wins == 20)
            #expect(hits == 100)
            try await bench.withStore(on: group.loops[0]) { (store) async throws in
                #expect(try await store.increment("count", by: 0, expiresIn: .seconds(1)) == 64 * 20)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a sign of life comes in time, and a cancelled task changes nothing`(kind: StoreKind) async throws {
        try await StoreBench.run(kind, loops: 1) { bench, group in
            let loop = group.loops[0]
            try await bench.withStore(on: loop) { (store) async throws in
                #expect(try await store.ping(timeout: .seconds(5)) < .seconds(5))
            }
            let task = Task(executorPreference: loop) {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await bench.withStore(on: loop) { (store) async throws in
                    try await store.increment("n", by: 1, expiresIn: .seconds(60))
                }
            }
            await #expect(throws: EphemeralStoreError(.cancelled)) { try await task.value }
            try await bench.withStore(on: loop) { (store) async throws in #expect(try await store.get(["n"]) == [nil]) }
        }
    }
}
