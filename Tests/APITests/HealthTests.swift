import Contract
import Database
import HTTPEngine
import Operations
import Redis
import TestKit
import Testing

@testable import API

@Suite struct HealthTests {
    @Test(arguments: TestDepth.allCases)
    func `the API says that it is there, to whoever asks`(_ depth: TestDepth) async throws {
        try await withAPI(depth) { client, api in
            let answer = try await client.get("/health")
            #expect(answer.status == .ok && answer.text == #"{"status":"ok"}"#)
            #expect(answer.fields.values(.contentType) == ["application/json"])
            #expect(answer.fields[.cacheControl] == "no-store")
            #expect(answer.fields[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
            #expect(answer.fields.count(of: .xRequestID) == 1)
            let head = try await client.send(.head, "/health")
            #expect(head.status == .ok && head.body.isEmpty)
            // It is asked every second: nobody wants to read that.
            #expect(api.sink.lines.isEmpty)
            let counted = String(decoding: api.registry.render(shards: [api.shard]), as: UTF8.self)
            #expect(counted.contains(#"http_requests_total{method="GET",route="/health",status="200"} 2"#))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a policy that is configured stands in place of the program's own`(_ depth: TestDepth) async throws {
        let policy = "default-src 'none'; report-uri /csp"
        try await withAPI(depth, ["CONTENT_SECURITY_POLICY": policy]) { client, _ in
            for target in ["/health", "/nowhere", "/api/v1/me"] {
                let answer = try await client.get(target)
                #expect(answer.fields.values(.contentSecurityPolicy) == [policy])
            }
            // What a page says of itself it still says.
            let page = try await client.get("/docs")
            #expect(page.fields.count(of: .contentSecurityPolicy) == 1)
            #expect(page.fields[.contentSecurityPolicy] != policy)
        }
    }

    @Test func `every route is listed with who may call it`() throws {
        let rows = apiRoutes().map { "\($0.route.method) \($0.route.pattern) \($0.note)" }
        #expect(rows.count == Operation.all.reduce(0) { $0 + $1.paths.count })
        #expect(rows.contains("GET /health anyone"))
        #expect(rows.contains("POST /api/v1/auth/login anyone") && rows.contains("GET /api/v1/me user"))
        #expect(rows.contains("DELETE /api/v1/users/{id} administrator"))
        #expect(rows.contains("GET /api/v1/users/{id} administrator or self"))
    }

    @Test(arguments: TestDepth.allCases)
    func `readiness tells of each store`(_ depth: TestDepth) async throws {
        try await withAPI(depth) { client, api in
            // At the start the copy of the revocations is not whole yet.
            let revocations = api.state.stores(on: client.loop).revocations
            try await client.loop.wait(for: "a whole copy") { await revocations.isCopyBelieved }
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.status == .ok)
            #expect(
                answer.text.hasPrefix(#"{"status":"ok","stores":{"database":{"status":"ok","latency_microseconds":"#)
            )
            #expect(answer.text.contains(#""ephemeral":{"status":"ok","#))
            // What they are is nobody's business but an administrator's.
            #expect(!answer.text.contains("product"))
        }
    }

    @Test func `a copy that is not whole makes the service slower, and it says so`() async throws {
        try await withAPI(.inProcess, .servers) { client, api in
            let stores = api.state.stores(on: client.loop)
            let revocations = stores.revocations
            try await client.loop.wait(for: "a whole copy") { await revocations.isCopyBelieved }
            // Nobody fills it any more.
            await revocations.stop()
            let redis = try #require(stores.ephemeral as? RedisStore)
            _ = try await redis.connection.send(RedisCommand("FLUSHALL"))
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.status == .ok && answer.fields[.retryAfter] == nil)
            #expect(answer.text.hasPrefix(#"{"status":"degraded","stores":{"database":{"status":"ok","#))
            #expect(answer.text.contains(#""ephemeral":{"status":"degraded","latency_microseconds":"#))
            await redis.close()
            let without = try await client.send(.get, "/health/ready")
            #expect(without.status == .ok && without.text.hasPrefix(#"{"status":"degraded","#))
            #expect(without.text.contains(#""ephemeral":{"status":"down","latency_microseconds":null}"#))
        }
    }

    @Test func `a database whose connections are all taken is busy, and not down`() async throws {
        try await withAPI(.inProcess, .servers, ["DATABASE_POOL_SIZE": "1"]) { client, api in
            try await api.state.stores(on: client.loop).database.transaction { _ in
                let answer = try await client.send(.get, "/health/ready")
                #expect(answer.status == .ok)
                #expect(answer.text.hasPrefix(#"{"status":"degraded","stores":{"database":{"status":"degraded","#))
            }
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.text.contains(#""database":{"status":"ok","#))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `without its database the service says that it can not do its job`(_ depth: TestDepth) async throws {
        try await withAPI(depth) { client, api in
            await api.state.stores(on: client.loop).database.close()
            let answer = try await client.send(.get, "/health/ready")
            #expect(answer.status == .serviceUnavailable && answer.fields[.retryAfter] == "1")
            #expect(
                answer.text.hasPrefix(
                    #"{"status":"down","stores":{"database":{"status":"down","latency_microseconds":null}"#
                )
            )
            // The process itself is all right.
            #expect(try await client.send(.get, "/health").status == .ok)
        }
    }
}
