import HTTPEngine
import Linux
import Networking
import Operations
import TestKit
import Testing

/// Headers that every answer has, and content that is too long.
@Suite struct MiddlewareTests {
    static let securityFields: [HTTPFieldName] = [
        .contentSecurityPolicy, .xContentTypeOptions, .xFrameOptions, .referrerPolicy, .permissionsPolicy,
        .crossOriginOpenerPolicy, .crossOriginResourcePolicy,
    ]

    @Test(arguments: TestDepth.allCases)
    func `every answer tells browsers to be careful`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, _ in
            let answers = [
                try await client.get("/plain"), try await client.get("/nowhere"), try await client.get("/failing"),
                try await client.get("/echo"), try await client.get("/busy"), try await client.send(.head, "/plain"),
                try await client.send(.options, "/plain"), try await client.get("/%zz"),
                try await client.send(.post, "/echo", body: .text(String(repeating: "a", count: 101))),
            ]
            #expect(answers.map(\.status.code) == [200, 404, 500, 405, 503, 200, 204, 400, 413])
            for answer in answers {
                for name in MiddlewareTests.securityFields { #expect(answer.fields.count(of: name) == 1, "\(name)") }
                #expect(answer.fields[.xContentTypeOptions] == "nosniff" && answer.fields[.xFrameOptions] == "DENY")
                #expect(answer.fields[.contentSecurityPolicy] == "default-src 'none'")
                #expect(!answer.fields.contains(.strictTransportSecurity))
            }
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `an answer that says something of its own keeps it, and says it once`(_ depth: TestDepth) async throws {
        try await withSample(depth, { $0.proxies = .here }) { client, _ in
            let answer = try await client.get("/own", [.xForwardedProto: "https"])
            for name in MiddlewareTests.securityFields + [.strictTransportSecurity] {
                #expect(answer.fields.values(name) == SampleApplication.own.values(name))
            }
        }
    }

    /// Not at both depths: only a socket carries what is no request.
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", "400"), ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505"), ("nonsense\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX-Request-ID: forged\r\nContent-Length: x\r\n\r\n", "400"),
        ("GET /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\n", "414"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"),
    ])
    func `a refusal has the same headers, a line in the log and a count`(_ bytes: String, _ status: String) async throws
    {
        var changed = try SampleApplication()
        changed.proxies = .here
        let sample = changed
        try await withServer(responder: { loop in
            do { return try sample.build(on: loop) } catch { preconditionFailure("\(error)") }
        }) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send(bytes)
            try await connection.readToEnd()
            let text = connection.text
            #expect(text.hasPrefix("HTTP/1.1 \(status) ") && text.contains("\r\nConnection: close\r\n"))
            for name in MiddlewareTests.securityFields + [.xRequestID, .contentType] {
                #expect(text.components(of: "\r\n\(name): ") == 1, "\(name)")
            }
            let id = try #require(text.components(separating: "X-Request-ID: ").last?.prefix { $0 != "\r\n" })
            #expect(id.count == 32)
            #expect(sample.sink.lines.count == 1)
            #expect(sample.sink.contains(" INFO  request "), "it is the doing of the peer")
            #expect(
                sample.sink.contains("method=- path=- status=\(status) ") && sample.sink.contains("request_id=\(id) ")
            )
            #expect(sample.exposition.contains(#"http_requests_total{method="-",route="none",status="\#(status)"} 1"#))
            connection.close()
        }
    }

    @Test func `a connection too many is told so with the same headers, and counted, but has no line of its own`()
        async throws
    {
        let sample = try SampleApplication()
        var limits = HTTPServerLimits()
        limits.connections = 1
        try await withServer(
            limits: limits,
            responder: { loop in
                do { return try sample.build(on: loop) } catch { preconditionFailure("\(error)") }
            }
        ) { server, loop in
            let served = try await RawConnection(to: server.addresses[0], on: loop)
            try await served.send("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n")
            try await served.read { $0.hasSuffix("plain") }
            for _ in 0..<3 {
                let connection = try await RawConnection(to: server.addresses[0], on: loop)
                try await connection.readToEnd()
                let text = connection.text
                #expect(text.hasPrefix("HTTP/1.1 503 ") && text.contains("\r\nConnection: close\r\n"))
                #expect(text.contains("\r\nRetry-After: 1\r\n") && text.hasSuffix("\r\n\r\ntoo many connections"))
                for name in MiddlewareTests.securityFields + [.xRequestID, .contentType] {
                    #expect(text.components(of: "\r\n\(name): ") == 1, "\(name)")
                }
                connection.close()
            }
            served.close()
        }
        #expect(sample.sink.lines.count == 1 && sample.sink.contains("path=/plain"))
        #expect(sample.exposition.contains(#"http_requests_total{method="-",route="none",status="503"} 3"#))
        #expect(sample.asked.withLock { $0 } == 1, "nobody's time is taken but for the one who was let in")
    }

    @Test(arguments: TestDepth.allCases)
    func `content may be as long as allowed, and not a byte longer`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, _ in
            for (size, status) in [(0, 200), (1, 200), (100, 200), (101, 413), (60_000, 413), (3_000_000, 413)] {
                let content = [UInt8](repeating: 120, count: size)
                let whole = try await client.send(.post, "/echo", body: .bytes(content))
                #expect(whole.status.code == status)
                #expect(status == 413 || whole.body == content)
                var rest = content[...]
                let chunked = HTTPBodyStream {
                    defer { rest = rest.dropFirst(40) }
                    return rest.isEmpty ? nil : Array(rest.prefix(40))
                }
                if size > 100_000 { continue }
                let streamed = try await client.send(.post, "/echo", body: .stream(chunked))
                #expect(streamed.status.code == status)
                #expect(status == 413 || streamed.body == content)
            }
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a route that does not read content refuses it too when its length is announced`(
        _ depth: TestDepth
    ) async throws {
        try await withSample(depth) { client, _ in
            let answer = try await client.send(.post, "/ignore", body: .bytes([UInt8](repeating: 1, count: 101)))
            #expect(answer.status == .contentTooLarge)
            #expect(try await client.send(.post, "/ignore", body: .bytes([1])).text == "ignored")
        }
    }

    @Test func `after content that was too long the connection is usable, or closed, but never confused`() async throws
    {
        let sample = try SampleApplication()
        let next = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = "POST /echo HTTP/1.1\r\nHost: a\r\n"
        func chunked(_ size: Int) -> String {
            let chunk = "3e8\r\n" + String(repeating: "x", count: 1_000) + "\r\n"
            return "\(head)Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: size / 1_000)
                + "0\r\n\r\n"
        }
        func whole(_ size: Int) -> String {
            "\(head)Content-Length: \(size)\r\n\r\n" + String(repeating: "x", count: size)
        }
        let scenarios = [
            (whole(101), true), (whole(65_536), true), (whole(65_537), false), (chunked(1_000), true),
            (chunked(60_000), true), (chunked(1_000_000), false),
            ("\(head)Expect: 100-continue\r\nContent-Length: 101\r\n\r\n", false),
        ]
        try await withServer(responder: { loop in
            do { return try sample.build(on: loop) } catch { preconditionFailure("\(error)") }
        }) { server, loop in
            for (bytes, isUsable) in scenarios {
                let connection = try await RawConnection(to: server.addresses[0], on: loop)
                try await connection.send(bytes + next)
                connection.endWriting()
                try await connection.readToEnd()
                #expect(connection.text.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
                #expect(connection.text.components(of: "HTTP/1.1 ") == (isUsable ? 2 : 1))
                #expect(connection.text.hasSuffix("plain") == isUsable)
                #expect(!connection.wasReset && !connection.text.contains("100 Continue"))
                connection.close()
            }
        }
    }
}

extension String {
    func components(separating text: String) -> [Substring] { split(separator: text, omittingEmptySubsequences: false) }
}
