import API
import HTTPEngine
import Operations
import TestKit
import Testing

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

    @Test func `every route is listed with who may call it`() throws {
        let routes = try apiRoutes()
        #expect(routes.map { "\($0.route.method) \($0.route.pattern) \($0.note)" } == ["GET /health anyone"])
    }
}
