import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

@Suite struct ServerTests {
    /// Answers with what it was asked: method, target and content.
    @Sendable private static func echo(_ request: HTTPRequest) async throws -> HTTPResponse {
        let content = try await request.body.collect(limit: 1_000_000)
        return .text("\(request.method) \(request.target) \(String(decoding: content, as: UTF8.self))")
    }

    /// The answer of a fresh connection to some bytes, up to its end.
    private static func answer(
        to bytes: String,
        limits: HTTPServerLimits = HTTPServerLimits(),
        by function: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse = ServerTests.echo
    ) async throws -> String {
        try await withServer(limits: limits, answering: function) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send(bytes)
            connection.endWriting()
            try await connection.readToEnd()
            connection.close()
            return connection.text
        }
    }

    @Test func `a request is answered and the connection stays for the next`() async throws {
        try await withServer(answering: ServerTests.echo) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            for number in 1...3 {
                try await connection.send("POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                try await connection.read { $0.hasSuffix("POST /\(number) hi") }
            }
            #expect(connection.text.components(of: "HTTP/1.1 200 OK\r\n") == 3)
            #expect(!connection.text.contains("Connection:"))
            #expect(!connection.text.lowercased().contains("server:"))
            connection.close()
        }
    }

    @Test func `pipelined requests are answered in order, also when handlers wait`() async throws {
        let text = try await withServer(
            answering: { request in
                if request.target == "/slow" { for _ in 0..<50 { await Task.yield() } }
                return .text("<\(request.target)>")
            }
        ) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            let targets = ["/1", "/slow", "/2", "/slow", "/3"]
            try await connection.send(targets.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            try await connection.read { $0.hasSuffix("</3>") }
            connection.close()
            return connection.text
        }
        let bodies = text.split(separator: "\r\n\r\n").dropFirst().map { $0.prefix { $0 != "H" } }
        #expect(bodies == ["</1>", "</slow>", "</2>", "</slow>", "</3>"])
    }

    @Test func `a thousand pipelined requests in any cut get a thousand answers`() async throws {
        try await withServer(answering: { .text($0.target) }) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            let stream = [UInt8]((0..<1_000).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined().utf8)
            var sent = 0
            while sent < stream.count {
                let count = min(stream.count - sent, 1 + (sent * 7) % 997)
                try await connection.send(Array(stream[sent..<sent + count]))
                sent += count
            }
            try await connection.read { $0.hasSuffix("/999") }
            #expect(connection.text.components(of: "HTTP/1.1 200 OK") == 1_000)
            connection.close()
        }
    }

    @Test func `HEAD has the fields of GET and no content`() async throws {
        let text = try await ServerTests.answer(to: "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.contains("Content-Length: 8\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [204, 304])
    func `a status without content has none, whatever the handler gave`(_ code: Int) async throws {
        let text = try await ServerTests.answer(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n") { _ in
            HTTPResponse(status: HTTPStatus(code: code), body: .text("secret"))
        }
        #expect(!text.contains("secret") && !text.contains("Content-Length") && !text.contains("Transfer-Encoding"))
    }

    @Test func `the client is told to go on only when somebody wants the content`() async throws {
        let head = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        try await withServer(answering: { request in
            request.target == "/x" ? try await ServerTests.echo(request) : .text("no", status: .forbidden)
        }) { server, loop in
            let wanted = try await RawConnection(to: server.addresses[0], on: loop)
            try await wanted.send(head)
            try await wanted.read { $0.hasSuffix("HTTP/1.1 100 Continue\r\n\r\n") }
            try await wanted.send("hello")
            try await wanted.read { $0.hasSuffix("POST /x hello") }
            wanted.close()
            let unwanted = try await RawConnection(to: server.addresses[0], on: loop)
            try await unwanted.send(head.replacing("/x", with: "/y"))
            try await unwanted.readToEnd()
            #expect(unwanted.text.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            #expect(unwanted.text.contains("Connection: close\r\n"))
            unwanted.close()
        }
    }

    @Test func `chunks come in and go out`() async throws {
        let request =
            "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        let text = try await ServerTests.answer(to: request) { request in
            guard case .stream(let content) = request.body else { return .text("no stream") }
            return HTTPResponse(body: .stream(HTTPBodyStream { try await content.next() }))
        }
        #expect(text.contains("Transfer-Encoding: chunked\r\n"))
        #expect(text.hasSuffix("\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
    }

    @Test func `content of unknown length to an HTTP 1,0 client ends with the connection`() async throws {
        let text = try await ServerTests.answer(to: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") { _ in
            var pieces = ["all ", "of it"]
            return HTTPResponse(
                body: .stream(HTTPBodyStream { pieces.isEmpty ? nil : [UInt8](pieces.removeFirst().utf8) })
            )
        }
        #expect(
            !text.contains("chunked") && text.contains("Connection: close\r\n") && text.hasSuffix("\r\n\r\nall of it")
        )
    }

    @Test func `an HTTP 1,0 client keeps its connection when it asks to`() async throws {
        let text = try await ServerTests.answer(
            to: "GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\nGET /3 HTTP/1.0\r\n\r\n"
        )
        #expect(text.contains("Connection: keep-alive\r\n") && text.contains("GET /1") && text.contains("GET /2"))
        #expect(!text.contains("GET /3"))
    }

    @Test func `a stream that breaks off ends the connection without the last chunk`() async throws {
        struct Broken: Error {}
        let text = try await ServerTests.answer(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n") { _ in
            var count = 0
            return HTTPResponse(
                body: .stream(
                    HTTPBodyStream {
                        count += 1
                        if count > 2 { throw Broken() }
                        return [UInt8]("piece".utf8)
                    }
                )
            )
        }
        #expect(text.hasSuffix("5\r\npiece\r\n5\r\npiece\r\n"))
    }

    @Test func `a stream that is shorter than it said ends the connection`() async throws {
        let text = try await ServerTests.answer(
            to: "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
        ) { _ in
            var pieces = [[UInt8]("half".utf8)]
            return HTTPResponse(body: .stream(HTTPBodyStream(length: 8) { pieces.popLast() }))
        }
        #expect(text.hasSuffix("Content-Length: 8\r\n\r\nhalf"))
    }

    @Test func `content that the handler did not read is skipped, and too much of it ends the connection`() async throws
    {
        let second = "GET /second HTTP/1.1\r\nHost: a\r\n\r\n"
        for (size, survives) in [(100, true), (65_536, true), (65_537, false), (5_000_000, false)] {
            let content = String(repeating: "x", count: size)
            let text = try await ServerTests.answer(
                to: "POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n\(content)\(second)"
            ) { .text($0.target) }
            #expect(text.contains("/first"))
            #expect(text.contains("/second") == survives)
        }
    }

    @Test(arguments: [(300, "200"), (500, "400")])
    func `the limit for heads is one for trailers too`(_ count: Int, _ status: String) async throws {
        var limits = HTTPServerLimits()
        limits.head = HTTPHeadLimits(total: 400)
        let trailer = "T: " + String(repeating: "v", count: count) + "\r\n\r\n"
        let text = try await ServerTests.answer(
            to: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailer,
            limits: limits
        )
        #expect(text.hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test func `a large answer waits for a slow reader`() async throws {
        let produced = Lock(0)
        try await withServer(answering: { _ in
            var left = 200
            return HTTPResponse(
                body: .stream(
                    HTTPBodyStream(length: 200 * 65_536) {
                        if left == 0 { return nil }
                        left -= 1
                        produced.withLock { $0 += 1 }
                        return [UInt8](repeating: 120, count: 65_536)
                    }
                )
            )
        }) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            await loop.sleep(for: .milliseconds(50))
            // Nothing was read yet: what is made is what the two sockets hold, not all of it.
            #expect(produced.withLock { $0 } < 150)
            try await connection.readToEnd()
            #expect(connection.received.count > 200 * 65_536)
            connection.close()
        }
        #expect(produced.withLock { $0 } == 200)
    }
}

/// A loop serves many, and nobody takes all of it.
@Suite struct FairnessTests {
    static let flood = [
        String(repeating: "GET /flood HTTP/1.1\r\nHost: a\r\n\r\n", count: 1_800),
        "POST /flood HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "1\r\na\r\n", count: 9_000) + "0\r\n\r\n",
    ]

    @Test(arguments: flood)
    func `who sends much at once lets others have a turn`(_ flood: String) async throws {
        let isSent = Lock(false)
        let other = Lock<FileDescriptor?>(nil)
        // Heads and pieces of the flood, and how many of them came before the other's request.
        let taken = Lock(0)
        let before = Lock<Int?>(nil)
        try await withServer(responder: { loop in
            FunctionResponder { request in
                switch request.target {
                case "/gate":
                    try await loop.wait(for: "the flood") { isSent.withLock { $0 } }
                    // The kernel has it from here on, but the loop is not told before it asks.
                    try other.withLock { $0 }?.writeAll("GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
                case "/other":
                    before.withLock { $0 = taken.withLock { $0 } }
                default:
                    taken.withLock { $0 += 1 }
                    guard case .stream(let content) = request.body else { break }
                    while try await content.next() != nil { taken.withLock { $0 += 1 } }
                }
                return .text("<\(request.target)>")
            }
        }) { server, loop in
            let address = server.addresses[0]
            let descriptor = try FileDescriptor.streamSocket(for: address)
            _ = try descriptor.connect(to: address)
            let patient = try RawConnection(accepted: descriptor, from: address, on: loop, patience: .seconds(60))
            try await patient.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
            try await patient.read { $0.hasSuffix("</first>") }
            other.withLock { $0 = descriptor }
            let flooding = try await RawConnection(to: address, on: loop)
            try await flooding.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n" + flood)
            isSent.withLock { $0 = true }
            try await patient.read { $0.hasSuffix("</other>") }
            flooding.close()
            patient.close()
        }
        // A few turns of 32 each, of the thousands that had come.
        #expect(try #require(before.withLock { $0 }) < 500)
    }
}

/// What went wrong once, or was found by reading.
@Suite struct OneAnswerTests {
    private static func answers(
        _ bytes: String,
        by function: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) async throws -> String {
        try await withServer(answering: function) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send(bytes)
            connection.endWriting()
            try await connection.readToEnd()
            connection.close()
            return connection.text
        }
    }

    @Test func `malformed content that nobody read does not get a second answer`() async throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        let text = try await OneAnswerTests.answers(request) { _ in .text("no", status: .unauthorized) }
        #expect(text.hasPrefix("HTTP/1.1 401 "))
        #expect(text.components(of: "HTTP/1.1 ") == 1)
    }

    @Test func `an answer made from malformed content breaks off and is not followed by another`() async throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n"
        let text = try await OneAnswerTests.answers(request) { request in
            guard case .stream(let content) = request.body else { return .text("no stream") }
            return HTTPResponse(body: .stream(HTTPBodyStream { try await content.next() }))
        }
        #expect(text.components(of: "HTTP/1.1 ") == 1)
        #expect(text.hasSuffix("2\r\nhi\r\n"))
    }

    @Test func `no leave to go on is given within an answer`() async throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello"
        let text = try await OneAnswerTests.answers(request) { request in
            guard case .stream(let content) = request.body else { return .text("no stream") }
            return HTTPResponse(body: .stream(HTTPBodyStream(length: 5) { try await content.next() }))
        }
        #expect(!text.contains("100 Continue"))
        #expect(text.hasSuffix("\r\n\r\nhello"))
    }

    @Test func `an HTTP 1,0 client is served no second request after an answer of unknown length`() async throws {
        let served = Lock(0)
        let request = "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"
        _ = try await OneAnswerTests.answers(request + request) { _ in
            served.withLock { $0 += 1 }
            var pieces = [[UInt8]("x".utf8)]
            return HTTPResponse(body: .stream(HTTPBodyStream { pieces.popLast() }))
        }
        #expect(served.withLock { $0 } == 1)
    }

    @Test func `who pipelines without reading is not served without end`() async throws {
        let served = Lock(0)
        try await withServer(answering: { _ in
            served.withLock { $0 += 1 }
            return HTTPResponse(body: .bytes([UInt8](repeating: 120, count: 65_536)))
        }) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 2_000))
            await loop.sleep(for: .milliseconds(100))
            // What the two sockets hold, and a little more.
            #expect(served.withLock { $0 } < 500)
            connection.close()
        }
    }
}

/// Bytes that are no request: an answer that says so, the end of the connection, and no second request.
@Suite struct RefusalTests {
    @Test(arguments: RequestParserTests.refused + RequestParserTests.malformedChunks)
    func `a malformed request is refused, and nothing behind it is ever served`(
        _ scenario: RequestParserTests.Refused
    ) async throws {
        let served = Lock<[String]>([])
        try await withServer(answering: { request in
            _ = try await request.body.collect(limit: 10_000)
            served.withLock { $0.append(request.target) }
            return .text("served")
        }) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send(scenario.bytes)
            await loop.sleep(for: .milliseconds(2))
            // Behind the malformed bytes, in a packet of its own: it must not be taken for a beginning.
            try? await connection.send(RequestParserTests.smuggled)
            try await connection.readToEnd()
            #expect(connection.text.hasPrefix("HTTP/1.1 \(scenario.status.code) "))
            #expect(connection.text.contains("Connection: close\r\n"))
            #expect(connection.text.components(of: "HTTP/1.1 ") == 1)
            #expect(!connection.wasReset)
            connection.close()
        }
        #expect(served.withLock { $0 }.isEmpty)
    }

    @Test func `too long is said in the status it has`() async throws {
        var limits = HTTPServerLimits()
        limits.head = HTTPHeadLimits(startLine: 100, fieldCount: 5, total: 400)
        let long = String(repeating: "a", count: 500)
        let scenarios = [
            ("GET /\(long) HTTP/1.1\r\n", "414"), ("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n\r\n", "431"),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n\r\n", "431"),
        ]
        try await withServer(limits: limits, answering: { _ in .text("served") }) { server, loop in
            for (bytes, status) in scenarios {
                let connection = try await RawConnection(to: server.addresses[0], on: loop)
                try await connection.send(bytes)
                try await connection.readToEnd()
                #expect(connection.text.hasPrefix("HTTP/1.1 \(status) "))
                #expect(!connection.text.contains("served"))
                connection.close()
            }
        }
    }
}

extension String {
    /// How often a text stands in this one.
    func components(of text: String) -> Int { ranges(of: text).count }
}
