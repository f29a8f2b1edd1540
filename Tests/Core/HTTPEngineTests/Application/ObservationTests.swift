import HTTPEngine
import Linux
import Networking
import Operations
import TestKit
import Testing

/// What the operator sees of requests, and what nobody may see.
@Suite struct ObservationTests {
    @Test(arguments: TestDepth.allCases)
    func `an error that nobody foresaw tells the client nothing and the log all`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, sample in
            let answer = try await client.get("/failing?token=\(SampleApplication.secret)")
            let id = try #require(answer.fields[.xRequestID])
            #expect(answer.status == .internalServerError && answer.text == "something went wrong")
            #expect(!"\(answer.fields.pairs)".contains(SampleApplication.secret))
            let lines = sample.sink.lines
            #expect(lines.count == 2)
            let failures = lines.filter { $0.contains(" ERROR request failed ") }
            #expect(failures.count == 1)
            #expect(failures.first?.contains("request_id=\(id) error=\"the password is hunter2\"") == true)
            // The line of the request itself is an error too, and holds neither the query nor the details.
            let access = lines.filter { $0.contains(" ERROR request ") && !$0.contains("failed") }
            #expect(access.count == 1 && access.first?.contains(SampleApplication.secret) == false)
            #expect(access.first?.contains("request_id=\(id) ") == true)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `an error that is foreseen is no failure of ours`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, sample in
            let answer = try await client.get("/busy")
            #expect(answer.status == .serviceUnavailable && answer.text == "come back")
            #expect(answer.fields[.retryAfter] == "7")
            #expect(!sample.sink.contains("request failed") && sample.sink.lines.count == 1)
        }
    }

    @Test(arguments: ["Content-Length: 50\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"])
    func `an upload that its client resets is no failure of ours`(_ beginning: String) async throws {
        let sample = try SampleApplication()
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let any = try #require(SocketAddress("127.0.0.1:0"))
            let server = try await HTTPServer.start(at: [any], on: group) { try sample.build(on: $0) }
            let address = server.addresses[0]
            let descriptor = try FileDescriptor.streamSocket(for: address)
            _ = try descriptor.connect(to: address)
            try descriptor.resetOnClose()
            let connection = try RawConnection(accepted: descriptor, from: address, on: loop)
            try await connection.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(beginning)")
            try await loop.wait(for: "the request") {
                sample.exposition.contains(#"http_requests_under_way{loop="0"} 1"#)
            }
            connection.close()
            try await loop.wait(for: "its line in the log") { !sample.sink.lines.isEmpty }
            await server.stop(within: .seconds(2))
        }
        #expect(sample.sink.lines.count == 1)
        #expect(sample.sink.contains(" INFO  request ") && sample.sink.contains(" path=/echo status=400 "))
    }

    @Test(arguments: TestDepth.allCases)
    func `each request has one line, with what it was and how it went`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, sample in
            let scenarios: [(HTTPMethod, String, String)] = [
                (.get, "/plain", "method=GET path=/plain status=200 "),
                (.head, "/plain", "method=HEAD path=/plain status=200 "),
                (.get, "/users/7/keys/8?secret=9", "method=GET path=/users/7/keys/8 status=200 "),
                (.get, "/nowhere?secret=9", "method=GET path=/nowhere status=404 "),
                (.delete, "/plain", "method=DELETE path=/plain status=405 "),
                (.options, "*", "method=OPTIONS path=* status=204 "),
                (.get, "/%zz", "method=GET path=/%zz status=400 "),
            ]
            for (index, (method, target, expected)) in scenarios.enumerated() {
                let answer = try await client.send(method, target)
                let line = try #require(sample.sink.lines.last)
                #expect(sample.sink.lines.count == index + 1)
                #expect(line.contains(" INFO  request request_id=") && line.contains(expected))
                #expect(line.contains(" duration=0.") && line.contains(" client=127.0.0.1"))
                if method == .get { #expect(line.hasSuffix(" bytes=\(answer.body.count)")) }
                #expect(!line.contains("secret"))
            }
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a path can not break its line`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, sample in
            _ = try await client.get("/a\"status=200\\")
            _ = try await client.get("/%0A2026-01-15T10:30:00.042Z")
            #expect(sample.sink.lines.count == 2)
            #expect(sample.sink.contains(#"path="/a\"status=200\\" status=404 "#))
            #expect(sample.sink.contains("path=/%0A2026-01-15T10:30:00.042Z status="))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `quiet routes are logged for developers only, unless they fail`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, sample in
            for _ in 0..<3 { #expect(try await client.get("/quiet").text == "quiet") }
            #expect(sample.sink.lines.isEmpty)
            // A path that merely looks like it is not quiet.
            _ = try await client.get("/quiet/not")
            #expect(sample.sink.lines.count == 1)
            _ = try await client.get("/quiet?fail")
            #expect(sample.sink.contains("path=/quiet status=500 "))
        }
        try await withSample(depth, { $0.logLevel = .debug }) { client, sample in
            _ = try await client.get("/quiet")
            #expect(sample.sink.lines.count == 1 && sample.sink.contains(" DEBUG request "))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `requests are counted by route and status, and what has no route under one name`(
        _ depth: TestDepth
    ) async throws {
        try await withSample(depth) { client, sample in
            #expect(!sample.exposition.contains("http_requests_total{"))
            for _ in 0..<3 { _ = try await client.get("/plain") }
            _ = try await client.send(.head, "/plain")
            _ = try await client.send(.put, "/plain")
            for number in 0..<5 { _ = try await client.get("/users/\(number)/keys/\(number)") }
            _ = try await client.get("/failing")
            for number in 0..<4 { _ = try await client.get("/nowhere/\(number)") }
            _ = try await client.send(.delete, "/plain")
            _ = try await client.send(.other("BREW"), "/plain")
            let counted = sample.exposition.split(separator: "\n").filter { $0.hasPrefix("http_requests_total{") }
            #expect(
                Set(counted) == [
                    #"http_requests_total{method="GET",route="/plain",status="200"} 4"#,
                    #"http_requests_total{method="PUT",route="/plain",status="204"} 1"#,
                    #"http_requests_total{method="GET",route="/users/{id}/keys/{key}",status="200"} 5"#,
                    #"http_requests_total{method="GET",route="/failing",status="500"} 1"#,
                    #"http_requests_total{method="-",route="none",status="404"} 4"#,
                    #"http_requests_total{method="-",route="none",status="405"} 2"#,
                ]
            )
            let text = sample.exposition
            #expect(text.contains(#"http_request_duration_seconds_count{method="GET",route="/plain"} 4"#))
            #expect(text.contains(#"http_requests_under_way{loop="0"} 0"#))
            #expect(!text.contains("BREW") && !text.contains("nowhere"))
        }
    }
}
