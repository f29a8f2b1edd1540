import Contract
import HTTPEngine
import Linux
import Networking
import Operations
import TestKit
import Testing

@testable import API

/// Every error has one shape: `{"error":{"code","message","details","request_id"}}`.
@Suite struct ErrorAnswerTests {
    private static func envelope(_ code: String, _ message: String, _ id: String) -> String {
        #"{"error":{"code":"\#(code)","message":"\#(message)","details":null,"request_id":"\#(id)"}}"#
    }

    struct Scenario: Sendable {
        let request: (method: HTTPMethod, target: String)
        let status: Int
        let code: String
        let message: String
    }

    static let scenarios = [
        Scenario(request: (.get, "/"), status: 404, code: "NOT_FOUND", message: "there is nothing at this address"),
        Scenario(
            request: (.get, "/api/v1/<script>"),
            status: 404,
            code: "NOT_FOUND",
            message: "there is nothing at this address"
        ),
        Scenario(
            request: (.post, "/health"),
            status: 405,
            code: "VALIDATION_ERROR",
            message: "this address does not take POST"
        ),
        Scenario(
            request: (.other("A'B"), "/health"),
            status: 405,
            code: "VALIDATION_ERROR",
            message: "this address does not take A'B"
        ),
        Scenario(request: (.get, "/%zz"), status: 400, code: "VALIDATION_ERROR", message: "the path is malformed"),
    ]

    @Test(arguments: TestDepth.allCases, scenarios)
    func `a request that can not be answered gets the envelope`(_ depth: TestDepth, _ scenario: Scenario) async throws {
        try await withAPI(depth) { client, api in
            let answer = try await client.send(scenario.request.method, scenario.request.target)
            let id = try #require(answer.fields.single(.xRequestID))
            #expect(answer.status.code == scenario.status)
            #expect(answer.text == ErrorAnswerTests.envelope(scenario.code, scenario.message, id))
            #expect(answer.fields.values(.contentType) == ["application/json"])
            #expect(answer.fields[.allow] == (scenario.status == 405 ? "GET, HEAD, OPTIONS" : nil))
            #expect(api.sink.contains("request_id=\(id) ") && !api.sink.contains("request failed"))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `content that is too long gets the envelope`(_ depth: TestDepth) async throws {
        try await withAPI(depth, ["HTTP_MAX_BODY": "1k"]) { client, _ in
            let answer = try await client.send(.post, "/health", body: .bytes([UInt8](repeating: 1, count: 1_025)))
            let id = try #require(answer.fields.single(.xRequestID))
            #expect(answer.status == .contentTooLarge)
            #expect(
                answer.text
                    == ErrorAnswerTests.envelope("VALIDATION_ERROR", "the content is longer than 1024 bytes", id)
            )
        }
    }

    @Test func `what is no request gets the envelope`() async throws {
        try await withTestServer { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send("GET /health HTTP/1.1\r\n\r\n")
            try await connection.readToEnd()
            #expect(connection.text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            let id = try #require(connection.text.split(separator: "X-Request-ID: ").last?.prefix { $0 != "\r\n" })
            #expect(
                connection.text.hasSuffix(
                    "\r\n\r\n" + ErrorAnswerTests.envelope("VALIDATION_ERROR", "no Host is given", String(id))
                )
            )
            connection.close()
        }
    }

    private func withTestServer(
        _ body: @escaping @Sendable (HTTPServer, EventLoop) async throws -> Void
    ) async throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        try await withLoops(1) { group in
            try await TestAPI.with([:], on: group) { api in
                let server = try await HTTPServer.start(at: [address], on: group) { try api.build(on: $0) }
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(server, group.loops[0])) } catch { outcome = .failure(error) }
                await server.stop(within: .seconds(2))
                try outcome.get()
            }
        }
    }

    static let codes: [(status: Int, code: String)] = [
        (400, "VALIDATION_ERROR"), (401, "AUTHENTICATION_ERROR"), (403, "AUTHORIZATION_ERROR"), (404, "NOT_FOUND"),
        (405, "VALIDATION_ERROR"), (408, "VALIDATION_ERROR"), (409, "CONFLICT"), (413, "VALIDATION_ERROR"),
        (415, "VALIDATION_ERROR"), (422, "VALIDATION_ERROR"), (429, "RATE_LIMIT_EXCEEDED"), (431, "VALIDATION_ERROR"),
        (500, "INTERNAL_ERROR"), (501, "INTERNAL_ERROR"), (502, "INTERNAL_ERROR"), (503, "SERVICE_UNAVAILABLE"),
        (504, "INTERNAL_ERROR"), (505, "INTERNAL_ERROR"),
    ]

    /// A route that throws, behind the responder that the API has.
    @Sendable private static func throwing(_ loop: EventLoop, _ sink: CollectingLogSink) throws -> any HTTPResponder {
        var router = Router<HTTPExchange>()
        try router.on(.get, "/{status}") { _, exchange in
            guard let code = exchange.parameters["status"].flatMap({ Int($0) }) else { throw Unforeseen() }
            throw HTTPError(HTTPStatus(code: code), "as \"asked\" <for>", fields: [.retryAfter: "3"])
        }
        return Application(
            router,
            middleware: [RequestIDField()],
            errors: APIErrorResponder(),
            settings: .init(trustedProxies: TrustedProxies(), logger: Logger(sink: sink)),
            makeContext: { $0 }
        )
    }

    private struct Unforeseen: Error, CustomDebugStringConvertible {
        var debugDescription: String { "postgres://gate:hunter2@db" }
    }

    @Test(arguments: TestDepth.allCases, codes)
    func `every status has its code`(_ depth: TestDepth, _ scenario: (status: Int, code: String)) async throws {
        let sink = CollectingLogSink()
        try await withTestClient(depth, of: { try ErrorAnswerTests.throwing($0, sink) }) { client in
            let answer = try await client.get("/\(scenario.status)")
            #expect(answer.status.code == scenario.status && answer.fields[.retryAfter] == "3")
            // Quotes end no string, and a browser that takes it for HTML finds no markup.
            let message = #"as \"asked\" \u003cfor\u003e"#
            // The error is thrown through every middleware: the id is in the envelope all the same.
            let id = answer.text.split(separator: #""request_id":""#).last.map { String($0.prefix(32)) } ?? ""
            #expect(answer.text == ErrorAnswerTests.envelope(scenario.code, message, id))
            #expect(sink.lines.isEmpty)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `an error that nobody foresaw tells nothing`(_ depth: TestDepth) async throws {
        let sink = CollectingLogSink()
        try await withTestClient(depth, of: { try ErrorAnswerTests.throwing($0, sink) }) { client in
            let answer = try await client.get("/unforeseen")
            let id = answer.text.split(separator: #""request_id":""#).last.map { String($0.prefix(32)) } ?? ""
            #expect(answer.status == .internalServerError)
            #expect(answer.text == ErrorAnswerTests.envelope("INTERNAL_ERROR", "something went wrong", id))
            #expect(sink.lines.count == 1)
            #expect(sink.contains("request_id=\(id) error=\"postgres://gate:hunter2@db\"") || sink.contains("hunter2"))
        }
    }
}
