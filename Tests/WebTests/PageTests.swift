import HTTPEngine
import Operations
import TestKit
import Testing
import Web

@Suite struct PageTests {
    @Test(arguments: TestDepth.allCases)
    func `there is a page at the root`(_ depth: TestDepth) async throws {
        try await withWeb(depth) { client, web in
            let answer = try await client.get("/")
            #expect(answer.status == .ok && answer.fields[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.hasPrefix("<!DOCTYPE html>\n") && answer.text.contains("<h1>Gatehouse</h1>"))
            let policy = try #require(answer.fields.single(.contentSecurityPolicy))
            // A page that runs no scripts and holds none.
            #expect(policy.contains("default-src 'none'") && !policy.contains("script-src"))
            #expect(!policy.contains("unsafe-inline") && !answer.text.contains("<script"))
            #expect(web.sink.contains("method=GET path=/ status=200 "))
            let head = try await client.send(.head, "/")
            #expect(head.status == .ok && head.body.isEmpty)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `an error is a page that names the request and repeats nothing of it`(_ depth: TestDepth) async throws {
        try await withWeb(depth) { client, _ in
            let scenarios: [(HTTPMethod, String, Int, String)] = [
                (.get, "/<script>alert(1)</script>", 404, "Not Found"), (.post, "/", 405, "Method Not Allowed"),
                (.get, "/%zz", 400, "Bad Request"),
            ]
            for (method, target, status, title) in scenarios {
                let answer = try await client.send(method, target)
                let id = try #require(answer.fields.single(.xRequestID))
                #expect(answer.status.code == status && answer.fields[.contentType] == "text/html; charset=utf-8")
                #expect(answer.text.contains("<h1>\(title)</h1>") && answer.text.contains("Request \(id)"))
                #expect(!answer.text.contains("alert"))
                #expect(answer.fields[.allow] == (status == 405 ? "GET, HEAD, OPTIONS" : nil))
                #expect(answer.fields.count(of: .contentSecurityPolicy) == 1)
            }
        }
    }

    @Test func `every route is listed`() throws {
        #expect(try webRoutes().map { "\($0.method) \($0.pattern)" } == ["GET /"])
    }
}
