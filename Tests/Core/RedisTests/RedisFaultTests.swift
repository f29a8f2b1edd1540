import Ephemeral
import Linux
import Networking
import Operations
import TestKit
import Testing

@testable import Redis

/// What happens when the server is killed, stalls, forgets, or is none.
@Suite struct RedisFaultTests {
    /// What a load has seen.
    private struct Tally: Sendable {
        var answered = 0
        var errors: [EphemeralStoreError.Code] = []
        /// Another command's answer, or no sense at all.
        var wrong = 0
        var longest = Duration.zero
        var lastSuccess = MonotonicTime(nanoseconds: 0)
    }

    /// Tasks that ask for an echo of what nobody else asks for, until they are told to stop.
    private final class Load: Sendable {
        let tally = Lock(Tally())
        private let isOver = Lock(false)
        private let tasks: [Task<Void, Never>]

        init(_ count: Int, on redis: RedisConnection) {
            let confined = LoopBound(redis, on: redis.loop)
            let (tally, isOver, loop) = (tally, isOver, redis.loop)
            tasks = (0..<count).map { number in
                loop.spawn {
                    var round = 0
                    while !isOver.withLock({ $0 }) {
                        round += 1
                        let text = "task \(number), round \(round)"
                        let start = MonotonicTime.now()
                        do throws(EphemeralStoreError) {
                            let reply = try await confined.value.send(RedisCommand("ECHO", [.string(text)]))
                            tally.withLock { tally in
                                if reply == .bulk(Array(text.utf8)) { tally.answered += 1 } else { tally.wrong += 1 }
                                tally.lastSuccess = .now()
                            }
                        } catch {
                            tally.withLock { $0.errors.append(error.code) }
                            await loop.sleep(for: .milliseconds(1))
                        }
                        tally.withLock { $0.longest = max($0.longest, MonotonicTime.now() - start) }
                    }
                }
            }
        }

        var answered: Int { tally.withLock { $0.answered } }

        func end() async -> Tally {
            isOver.withLock { $0 = true }
            for task in tasks { await task.value }
            return tally.withLock { $0 }
        }
    }

    /// Waits until `condition` holds, and answers how long that took; ten seconds at most.
    private static func wait(on loop: EventLoop, until condition: () async throws -> Bool) async throws -> Duration {
        let start = MonotonicTime.now()
        while try await !condition() {
            if MonotonicTime.now() - start > .seconds(10) { break }
            await loop.sleep(for: .milliseconds(1))
        }
        return MonotonicTime.now() - start
    }

    @Test func `a server that is killed under load costs errors, no wrong answer, and two seconds`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let load = Load(32, on: redis)
                for _ in 0..<3 {
                    let before = load.answered
                    _ = try await RedisFaultTests.wait(on: redis.loop) { load.answered > before + 1_000 }
                    let incarnation = redis.incarnation
                    server.kill()
                    _ = try await RedisFaultTests.wait(on: redis.loop) { !redis.isConnected }
                    await redis.loop.sleep(for: .milliseconds(300))
                    try await server.start()
                    let duration = try await RedisFaultTests.wait(on: redis.loop) { redis.isConnected }
                    #expect(duration < .seconds(2))
                    #expect(redis.incarnation != incarnation && redis.incarnation?.runID != incarnation?.runID)
                }
                let before = load.answered
                let duration = try await RedisFaultTests.wait(on: redis.loop) { load.answered > before + 1_000 }
                #expect(duration < .seconds(2))
                let tally = await load.end()
                #expect(tally.wrong == 0)
                #expect(tally.errors.contains(.fateUnknown) && tally.errors.contains(.unavailable))
                #expect(tally.errors.allSatisfy { $0 == .fateUnknown || $0 == .unavailable })
                #expect(tally.longest < .seconds(3))
            }
        }
    }

    @Test func `a server that was emptied shows it, and one that was restarted has another name`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let store = RedisStore(redis)
                try await store.set("marker", to: [1], expiresIn: nil, when: .always)
                let first = store.incarnation
                _ = try await redis.send(RedisCommand("FLUSHALL"))
                #expect(try await store.get(["marker", "other"]) == [nil, nil])
                #expect(store.incarnation == first)
                try await server.restart()
                _ = try await RedisFaultTests.wait(on: redis.loop) { store.incarnation.map { $0 != first } ?? false }
                #expect(store.incarnation?.runID != first?.runID)
                #expect(try await store.get(["marker"]) == [nil])
            }
        }
    }

    @Test func `data that is kept is there after a restart`() async throws {
        try await withRedisServer(isPersistent: true) { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let store = RedisStore(redis)
                try await store.set("k", to: [1], expiresIn: nil, when: .always)
                try await server.restart()
                _ = try await RedisFaultTests.wait(on: redis.loop) { (redis.incarnation?.connection ?? 0) > 1 }
                #expect(try await store.get(["k"]) == [[1]])
            }
        }
    }

    @Test func `a connection that breaks repeats what may be repeated, and nothing else`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress, { $0.commandTimeout = .seconds(3) }) { (redis) async throws in
                let confined = LoopBound(redis, on: redis.loop)
                #expect(try await redis.send(RedisCommand("SET", ["gh:k", "v"])) == .simple("OK"))
                server.pause()
                let loop = redis.loop
                let read = loop.spawn { try? await RedisStore(confined.value).get(["k"]) }
                let write = loop.spawn { () -> EphemeralStoreError? in
                    do throws(EphemeralStoreError) {
                        _ = try await RedisStore(confined.value).remove(["absent"])
                        return nil
                    } catch {
                        return error
                    }
                }
                await loop.sleep(for: .milliseconds(20))
                // The kernel ends what a killed process had open; a new one is there for the repetition.
                try await server.restart()
                #expect(await write.value == EphemeralStoreError(.fateUnknown))
                // Another server, so the value is gone, but the question was answered. Between the two no listener
                // may have been there: then it was refused, which is as true.
                if let values = await read.value { #expect(values == [nil]) }
            }
        }
    }

    @Test func `a read survives when only the connection is cut`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress) { (redis) async throws in
                let (loop, confined) = (redis.loop, LoopBound(redis, on: redis.loop))
                #expect(try await RedisStore(redis).set("k", to: [7], expiresIn: nil, when: .always))
                try await withRedis(server.socketAddress) { (other) async throws in
                    for round in 1...5 {
                        // Both are under way on the first connection when it is cut: BLPOP holds up what comes after it.
                        let blocked = loop.spawn { () -> EphemeralStoreError? in
                            do throws(EphemeralStoreError) {
                                _ = try await confined.value.send(RedisCommand("BLPOP", ["never", "0"]))
                                return nil
                            } catch {
                                return error
                            }
                        }
                        let read = Task(executorPreference: loop) { try await RedisStore(confined.value).get(["k"]) }
                        _ = try await RedisFaultTests.wait(on: other.loop) {
                            guard case .bulk(let text) = try await other.send(RedisCommand("INFO", ["clients"])) else {
                                return false
                            }
                            return RedisInformation(text)["blocked_clients"] == "1"
                        }
                        _ = try await other.send(RedisCommand("CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "yes"]))
                        #expect(await blocked.value == EphemeralStoreError(.fateUnknown))
                        #expect(try await read.value == [[7]], "round \(round)")
                    }
                }
            }
        }
    }

    @Test func `a stall ends the connection in time, and no connection is left behind`() async throws {
        try await withRedisServer { server in
            let change = { (settings: inout RedisSettings) in
                settings.commandTimeout = .milliseconds(300)
                settings.patience = .milliseconds(200)
            }
            try await withRedis(server.socketAddress, change) {
                (redis) async throws in
                #expect(try await redis.send(RedisCommand("PING")) == .simple("PONG"))
                server.pause()
                let load = Load(16, on: redis)
                _ = try await RedisFaultTests.wait(on: redis.loop) { !redis.isConnected }
                await redis.loop.sleep(for: .milliseconds(1_500))
                // While it stalls, nobody is kept waiting.
                let start = MonotonicTime.now()
                await #expect(throws: EphemeralStoreError(.unavailable)) { try await redis.send(RedisCommand("PING")) }
                #expect(MonotonicTime.now() - start < .milliseconds(800))
                server.resume()
                let before = load.answered
                let duration = try await RedisFaultTests.wait(on: redis.loop) { load.answered > before + 500 }
                #expect(duration < .seconds(2))
                let tally = await load.end()
                #expect(tally.wrong == 0)
                #expect(tally.errors.contains(.timeout))
                #expect(tally.longest < .seconds(2))
                // The server takes a moment to notice that the others have left.
                let left = try await RedisFaultTests.wait(on: redis.loop) {
                    guard case .bulk(let text) = try await redis.send(RedisCommand("INFO", ["clients"])) else {
                        return false
                    }
                    return RedisInformation(text)["connected_clients"] == "1"
                }
                #expect(left < .seconds(5))
            }
        }
    }

    @Test func `a short ping gives up alone`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress, { $0.commandTimeout = .seconds(5) }) { (redis) async throws in
                #expect(try await redis.ping(timeout: .seconds(1)) < .seconds(1))
                server.pause()
                await #expect(throws: EphemeralStoreError(.timeout)) {
                    try await redis.ping(timeout: .milliseconds(50))
                }
                #expect(redis.isConnected)
                server.resume()
                #expect(try await redis.send(RedisCommand("ECHO", ["mine"])) == .bulk(Array("mine".utf8)))
                #expect(redis.incarnation?.connection == 1)
            }
        }
    }

    @Test func `more commands than may wait are refused, and the others are answered`() async throws {
        try await withRedisServer { server in
            try await withRedis(server.socketAddress, { $0.queueLimit = 10 }) { (redis) async throws in
                #expect(try await redis.send(RedisCommand("PING")) == .simple("PONG"))
                server.pause()
                let (loop, confined) = (redis.loop, LoopBound(redis, on: redis.loop))
                let tasks = (0..<25).map { _ in
                    loop.spawn { () -> EphemeralStoreError.Code? in
                        do throws(EphemeralStoreError) {
                            _ = try await confined.value.send(RedisCommand("PING"))
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                await loop.sleep(for: .milliseconds(30))
                server.resume()
                var codes: [EphemeralStoreError.Code?] = []
                for task in tasks { codes.append(await task.value) }
                #expect(codes.count { $0 == nil } == 10)
                #expect(codes.count { $0 == .overloaded } == 15)
            }
        }
    }

    @Test func `what is too large for one write arrives whole, with what came meanwhile behind it`() async throws {
        try await withRedisServer { server in
            try await withRedis("redis://\(server.networkAddress)", { $0.maximumReplyLength = 64 << 20 }) {
                (redis) async throws in
                let (loop, confined) = (redis.loop, LoopBound(redis, on: redis.loop))
                let tasks = (0..<12).map { number in
                    loop.spawn { () -> Bool in
                        let value = [UInt8](repeating: UInt8(number), count: 2 << 20)
                        let reply = try? await confined.value.send(RedisCommand("ECHO", [.bytes(value)]))
                        let small = try? await confined.value.send(RedisCommand("ECHO", [.integer(number)]))
                        return reply == .bulk(value) && small == .bulk(Array("\(number)".utf8))
                    }
                }
                for task in tasks { #expect(await task.value) }
                #expect(redis.incarnation?.connection == 1)
            }
        }
    }

    @Test(arguments: [
        "garbage\r\n", "$1000000000\r\n" + String(repeating: "x", count: 100_000), "*1000000000\r\n",
        "+OK\r\n+OK\r\n", ":1\r\n", "*1\r\n:1\r\n", "*2\r\n$1\r\na\r\n$1\r\nb\r\n",
    ])
    func `a hostile reply is an error, and the end of the connection`(reply: String) async throws {
        try await withFakeServer(answering: { _ in Array(reply.utf8) }) { (fake, loop) async throws in
            var settings = RedisSettings(address: fake.address)
            settings.maximumReplyLength = 50_000
            settings.commandTimeout = .milliseconds(300)
            let redis = RedisConnection.open(settings, on: loop)
            let store = RedisStore(redis)
            await #expect(throws: EphemeralStoreError.self) { try await store.get(["k"]) }
            let duration = try await RedisFaultTests.wait(on: loop) { fake.connections.withLock { $0 } > 1 }
            #expect(duration < .seconds(2))
            await redis.close()
        }
    }

    @Test func `a server that hangs up each time is not called without pause`() async throws {
        try await withFakeServer(answering: { _ in nil }) { (fake, loop) async throws in
            let sink = CollectingLogSink()
            var settings = RedisSettings(address: fake.address)
            settings.log = Logger(sink: sink)
            let redis = RedisConnection.open(settings, on: loop)
            let end = loop.now + .milliseconds(700)
            var failures = 0
            while MonotonicTime.now() < end {
                do throws(EphemeralStoreError) {
                    _ = try await redis.send(RedisCommand("INCR", ["n"]))
                } catch {
                    failures += 1
                }
                await loop.sleep(for: .milliseconds(1))
            }
            #expect(failures > 5)
            #expect(fake.connections.withLock { $0 } < 12)
            await redis.close()
        }
    }

    @Test func `where nobody answers the greeting, commands are refused after a short wait`() async throws {
        try await withRedisServer { server in
            server.pause()
            let change = { (settings: inout RedisSettings) in
                settings.patience = .milliseconds(200)
                settings.connectTimeout = .seconds(30)
                settings.commandTimeout = .seconds(30)
            }
            try await withRedis(server.socketAddress, change) { (redis) async throws in
                let start = MonotonicTime.now()
                await #expect(throws: EphemeralStoreError(.unavailable)) { try await redis.send(RedisCommand("PING")) }
                #expect((Duration.milliseconds(150)..<(.seconds(5))).contains(MonotonicTime.now() - start))
                await #expect(throws: EphemeralStoreError(.unavailable)) { try await redis.ping(timeout: .seconds(1)) }
            }
            server.resume()
        }
    }
}
