import Ephemeral
import Linux
import Networking
import Operations
import Redis
import TestKit
import Testing

/// The connection and the store on a real server.
@Suite struct RedisConnectionTests {
    @Test func `it is reached by port, by socket and by name`() async throws {
        try await withRedisServer { server in
            let resolver = try BlockingPool(name: "names", threads: 1, queueLimit: 4)
            defer { resolver.close() }
            for address in [
                server.socketAddress, "redis+unix://\(server.socketPath)", "redis://\(server.networkAddress)",
                "redis://localhost:\(server.port)",
            ] {
                try await withRedis(address, { $0.resolver = resolver }) { (redis) async throws in
                    #expect(
                        try await redis.send(RedisCommand("ECHO", [.string(address)])) == .bulk(Array(address.utf8))
                    )
                }
            }
            try await withRedis("redis://localhost:\(server.port)") { (redis) async throws in
                await #expect(throws: EphemeralStoreError(.unavailable)) { try await redis.send(RedisCommand("PING")) }
            }
        }
    }

    @Test func `a password opens the door, a wrong one or none does not`() async throws {
        let options = ["--requirepass", "s3cret p@ss", "--user", "gate", "on", ">word", "~gh:*", "+@all"]
        try await withRedisServer(options: options) { server in
            let place = "127.0.0.1:\(server.port)"
            for credentials in [":s3cret%20p@ss@", "default:s3cret%20p%40ss@", "gate:word@"] {
                try await withRedis("redis://\(credentials)\(place)") { (redis) async throws in
                    #expect(try await redis.send(RedisCommand("PING")) == .simple("PONG"))
                }
            }
            for (credentials, kind) in [(":wrong@", "WRONGPASS"), ("nobody:word@", "WRONGPASS"), ("", "NOAUTH")] {
                let sink = CollectingLogSink()
                try await withRedis("redis://\(credentials)\(place)", { $0.log = Logger(sink: sink) }) {
                    (redis) async throws in
                    await #expect(throws: EphemeralStoreError(.unavailable, kind: kind)) {
                        try await redis.send(RedisCommand("PING"))
                    }
                    // Refused at once from now on, whenever the next attempt is.
                    let start = MonotonicTime.now()
                    await #expect(throws: EphemeralStoreError(.unavailable, kind: kind)) {
                        try await redis.send(RedisCommand("PING"))
                    }
                    #expect(MonotonicTime.now() - start < .seconds(1))
                }
                #expect(sink.contains("Redis can not be reached"))
                #expect(!sink.contains("wrong"))
            }
        }
    }

    @Test func `a user with few rights can work with them`() async throws {
        let options = ["--user", "gate", "on", ">word", "~gh:*", "+get", "+mget", "+set"]
        try await withRedisServer(options: options) { server in
            try await withRedis("redis://gate:word@127.0.0.1:\(server.port)") { (redis) async throws in
                let store = RedisStore(redis)
                #expect(try await store.set("a", to: [1], expiresIn: .seconds(9), when: .always))
                #expect(try await store.get(["a"]) == [[1]])
                await #expect(throws: EphemeralStoreError(.refused, kind: "NOPERM")) { try await store.remove(["a"]) }
                await #expect(throws: EphemeralStoreError(.refused, kind: "NOPERM")) {
                    try await RedisStore(redis, prefix: "else:").get(["a"])
                }
                #expect(try await store.serverWarnings().isEmpty)
                #expect(redis.incarnation?.connection == 1)
                #expect(redis.incarnation?.runID == nil)
            }
        }
    }

    @Test func `databases are apart, and so are prefixes`() async throws {
        try await withRedisServer { server in
            try await withRedis("unix:\(server.socketPath)?db=2") { (two) async throws in
                try await RedisStore(two).set("k", to: [2], expiresIn: nil, when: .always)
                #expect(try await RedisStore(two, prefix: "other:").get(["k"]) == [nil])
                #expect(try await two.send(RedisCommand("GET", ["gh:k"])) == .bulk([2]))
            }
            try await withRedis(server.socketAddress) { (zero) async throws in
                #expect(try await RedisStore(zero).get(["k"]) == [nil])
            }
            try await withRedis("unix:\(server.socketPath)?db=99") { (none) async throws in
                await #expect(throws: EphemeralStoreError(.unavailable, kind: "ERR")) {
                    try await none.send(RedisCommand("PING"))
                }
            }
        }
    }

    @Test func `a script the server forgot is sent again`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let store = RedisStore(redis)
                for expected in 1...3 {
                    #expect(try await store.increment("n", by: 1, expiresIn: .seconds(60)) == expected)
                    #expect(try await redis.send(RedisCommand("SCRIPT", ["FLUSH"])) == .simple("OK"))
                }
                // Known by hash once it was run.
                let script = RedisScript("return ARGV[1]")
                #expect(try await redis.evaluate(script, keys: [], arguments: ["x"]) == .bulk([120]))
                #expect(try await redis.send(RedisCommand("EVALSHA", [.string(script.sha1), 0, "y"])) == .bulk([121]))
            }
        }
    }

    @Test func `refusals have their kind, and those who share the connection do not notice`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let store = RedisStore(redis)
                #expect(try await redis.send(RedisCommand("LPUSH", ["gh:list", "a"])) == .integer(1))
                let (loop, confined) = (redis.loop, LoopBound(redis, on: redis.loop))
                let neighbours = (0..<20).map { number in
                    loop.spawn { try? await confined.value.send(RedisCommand("ECHO", [.integer(number)])) }
                }
                let wrongType = EphemeralStoreError(.refused, kind: "WRONGTYPE")
                await #expect(throws: wrongType) { try await store.increment("list", by: 1, expiresIn: .seconds(1)) }
                for (number, neighbour) in neighbours.enumerated() {
                    #expect(await neighbour.value == .bulk(Array("\(number)".utf8)))
                }
                #expect(try await store.get(["list"]) == [nil])
                #expect(try await redis.send(RedisCommand("NONSENSE")).description == "error ERR")

                _ = try await redis.send(RedisCommand("CONFIG", ["SET", "maxmemory", "1"]))
                let full = EphemeralStoreError(.refused, kind: "OOM")
                await #expect(throws: full) { try await store.set("k", to: [1], expiresIn: nil, when: .always) }
                await #expect(throws: full) {
                    try await store.set((0..<9).map { EphemeralEntry(key: "k\($0)", value: [1], expiresIn: nil) })
                }
                await #expect(throws: full) {
                    try await store.hit("s", windows: [SlidingWindow(length: .seconds(1), limit: 1)], at: .now())
                }
                #expect(try await store.get((0..<9).map { "k\($0)" }).allSatisfy { $0 == nil })
                #expect(redis.isConnected && redis.incarnation?.connection == 1)
            }
        }
    }

    @Test func `a server that may drop keys is warned of`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let store = RedisStore(redis)
                #expect(try await store.serverWarnings().isEmpty)
                _ = try await redis.send(RedisCommand("CONFIG", ["SET", "maxmemory-policy", "volatile-lru"]))
                #expect(
                    try await store.serverWarnings() == [
                        "Redis may drop revocations, counters and sessions as soon as maxmemory is set: "
                            + "maxmemory-policy is volatile-lru, and should be noeviction"
                    ]
                )
                _ = try await redis.send(RedisCommand("CONFIG", ["SET", "maxmemory", "100mb"]))
                #expect(try await store.serverWarnings().first?.contains("when its 104857600 bytes are full") == true)
            }
        }
    }

    @Test func `the time to live of a counter and of hits is as long as it must be`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let store = RedisStore(redis)
                func milliseconds(_ key: RedisCommand.Argument) async throws -> Int {
                    guard case .integer(let left) = try await redis.send(RedisCommand("PTTL", [key])) else { return 0 }
                    return left
                }
                _ = try await store.increment("n", by: 1, expiresIn: .seconds(100))
                _ = try await store.increment("n", by: 1, expiresIn: .seconds(9_000))
                #expect((90_000...100_000).contains(try await milliseconds("gh:n")))
                let windows = [
                    SlidingWindow(length: .seconds(10), limit: 1), SlidingWindow(length: .seconds(100), limit: 9),
                ]
                _ = try await store.hit("s", windows: windows, at: .now())
                #expect((150_000...160_000).contains(try await milliseconds("gh:hits:s")))
            }
        }
    }

    @Test func `commands of one turn go out in one write`() async throws {
        try await withFakeServer(answering: { bytes in
            let count = bytes.count { $0 == UInt8(ascii: "*") }
            return Array(repeating: Array("$3\r\nhey\r\n".utf8), count: count).flatMap(\.self)
        }) { (fake, loop) async throws in
            var settings = RedisSettings(address: fake.address)
            settings.patience = .seconds(5)
            let redis = RedisConnection.open(settings, on: loop)
            #expect(try await redis.send(RedisCommand("FIRST")) == .bulk(Array("hey".utf8)))
            let before = fake.received.withLock { $0.count }
            let confined = LoopBound(redis, on: loop)
            let tasks = (0..<100).map { _ in
                loop.spawn { (try? await confined.value.send(RedisCommand("GET", ["k"]))) == .bulk(Array("hey".utf8)) }
            }
            for task in tasks { #expect(await task.value) }
            #expect(fake.received.withLock { $0.count } == before + 1)
            await redis.close()
        }
    }

    @Test func `closing answers everybody, and nothing is served afterwards`() async throws {
        try await withRedisServer { server in
            try await withLoop { loop in
                let settings = RedisSettings(address: try RedisAddress(server.socketAddress))
                let redis = RedisConnection.open(settings, on: loop)
                #expect(try await redis.ping(timeout: .seconds(1)) < .seconds(1))
                server.pause()
                let confined = LoopBound(redis, on: loop)
                let waiting = loop.spawn { () -> EphemeralStoreError? in
                    do throws(EphemeralStoreError) {
                        _ = try await confined.value.send(RedisCommand("INCR", ["n"]))
                        return nil
                    } catch {
                        return error
                    }
                }
                await loop.sleep(for: .milliseconds(20))
                await redis.close()
                #expect(await waiting.value == EphemeralStoreError(.fateUnknown))
                await #expect(throws: EphemeralStoreError(.unavailable)) { try await redis.send(RedisCommand("PING")) }
                await redis.close()
                server.resume()
            }
        }
    }
}
