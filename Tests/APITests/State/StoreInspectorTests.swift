import Linux
import Networking
import Operations
import TestKit
import Testing

@testable import API

/// What is wrong with how a store is set up is said whenever that store is reached, not only at the start.
@Suite struct StoreInspectorTests {
    private static func withState(
        _ variables: [String: String],
        _ body: @escaping @Sendable (EventLoop, CollectingLogSink) async throws -> Void
    ) async throws {
        let reader = ConfigurationReader(ConfigurationSource(environment: variables))
        let settings = StateSettings(reader)
        try reader.finish()
        let log = CollectingLogSink()
        try await withLoops(1) { group in
            let state = State(settings, on: group, logger: Logger(sink: log))
            try await state.start()
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(group.loops[0], log)) } catch { outcome = .failure(error) }
            await state.stop(within: .seconds(1))
            try outcome.get()
        }
    }

    @Test func `a Redis that may drop keys is told of when it comes, and when it comes back as another`() async throws {
        let redis = try RedisServer(options: ["--maxmemory-policy", "allkeys-lru"])
        defer { redis.end() }
        let variables = ["DATABASE_URL": "sqlite::memory:", "REDIS_URL": redis.socketAddress]
        try await Self.withState(variables) { loop, log in
            func warnings() -> Int { log.lines.count { $0.contains("Redis may drop revocations") } }
            #expect(log.contains("Redis is away") && warnings() == 0)
            try await redis.start()
            try await loop.wait(for: "the warning") { warnings() == 1 }
            try await redis.restart()
            try await loop.wait(for: "another warning") { warnings() == 2 }
        }
    }

    @Test func `a schema that is behind is told of when the database comes`() async throws {
        try await PostgresServer.with { server in
            try await server.stop()
            try await Self.withState(["DATABASE_URL": server.url()]) { loop, log in
                #expect(log.contains("its schema could not be checked"))
                try await server.start()
                try await loop.wait(for: "the check") { log.contains("the database lacks 0001_foundation") }
            }
        }
    }
}
