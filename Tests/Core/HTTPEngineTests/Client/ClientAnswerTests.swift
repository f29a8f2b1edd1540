import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// What a client makes of answers, good and bad. The parser's own tests cut them at every point; these ask what becomes
/// of the connection.
@Suite struct ClientAnswerTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        var method = HTTPMethod.get
        let answer: String
        var status = 200
        var text = ""
        /// Whether the connection carries the next request too.
        var isKept = true

        var testDescription: String { "\(method): \(answer.debugDescription)" }
    }

    static let answered = [
        Scenario(answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", text: "hello"),
        Scenario(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        Scenario(
            answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            text: "hello"
        ),
        Scenario(answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n"),
        Scenario(answer: "HTTP/1.1 200 OK\r\n\r\nuntil the end", text: "until the end", isKept: false),
        Scenario(answer: "HTTP/1.1 200 OK\r\n\r\n", isKept: false),
        Scenario(answer: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", text: "hi", isKept: false),
        Scenario(answer: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", text: "hi"),
        Scenario(answer: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", text: "hi"),
        Scenario(
            answer: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                + "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
            status: 404,
            text: "no"
        ),
        Scenario(method: .head, answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        Scenario(method: .head, answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        Scenario(method: .head, answer: "HTTP/1.1 200 OK\r\n\r\n"),
        Scenario(answer: "HTTP/1.1 204 No Content\r\n\r\n", status: 204),
        Scenario(answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n", status: 304),
        Scenario(answer: "HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n", status: 500),
        Scenario(answer: "HTTP/1.1 299 What\r\nContent-Length: 0\r\n\r\n", status: 299),
    ]

    @Test(arguments: answered)
    func `an answer is read to its end, and its connection is kept when that is known`(
        _ scenario: Scenario
    ) async throws {
        try await withRawServer(script: { connection, _ in
            while try await connection.nextHead() != nil {
                try await connection.send(scenario.answer)
                if !scenario.isKept { return }
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            for _ in 0..<2 {
                let response = try await client.fetch("/", from: server.address, method: scenario.method)
                #expect(response.status.code == scenario.status)
                #expect(response.text == scenario.text)
            }
            #expect(server.acceptedCount == (scenario.isKept ? 1 : 2))
            client.close()
            try await loop.wait(for: "the end of the connections") { loop.watchedCount == 1 }
        }
    }

    @Test(arguments: answered)
    func `an answer that trickles in is the same`(_ scenario: Scenario) async throws {
        try await withRawServer(script: { connection, _ in
            while try await connection.nextHead() != nil {
                for byte in scenario.answer.utf8 {
                    try await connection.send([byte])
                    // So that each byte is a packet, and a read, of its own.
                    await Task.yield()
                }
                if !scenario.isKept { return }
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let response = try await client.fetch("/", from: server.address, method: scenario.method)
            #expect(response.status.code == scenario.status && response.text == scenario.text)
            client.close()
        }
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxx",
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 40_000) + "\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nnot an answer\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    ])
    func `a malformed answer is refused, and its connection is closed`(_ answer: String) async throws {
        try await withRawServer(script: { connection, _ in
            try await connection.answerAll(with: answer)
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let outcome = await client.fetching("/", from: server.address).value
            guard case .failure(.malformedResponse) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
            #expect(server.acceptedCount == 1 && loop.watchedCount == 1)
        }
    }

    @Test func `the limit for heads is one for trailers too`() async throws {
        let trailer = "T: " + String(repeating: "v", count: 500) + "\r\n\r\n"
        try await withRawServer(script: { connection, _ in
            try await connection.answerAll(
                with: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailer
            )
        }) { server, loop in
            var limits = HTTPClientLimits()
            limits.head = HTTPHeadLimits(total: 600)
            let generous = HTTPClient(loop: loop, limits: limits)
            let response = try await generous.fetch("/", from: server.address)
            #expect(response.status == .ok)
            generous.close()
            limits.head = HTTPHeadLimits(total: 400)
            let outcome = await HTTPClient(loop: loop, limits: limits).fetching("/", from: server.address).value
            guard case .failure(.malformedResponse) = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
    ])
    func `an answer that breaks off is an error, and never a short answer`(_ answer: String) async throws {
        try await withRawServer(script: { connection, _ in
            if try await connection.nextHead() != nil { try await connection.send(answer) }
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            #expect(await client.fetching("/", from: server.address).value == .failure(.connectionLost))
            #expect(server.acceptedCount == 1 && loop.watchedCount <= 2)
        }
    }

    @Test func `a request is sent as it was given, with the origin as its host`() async throws {
        try await withRawServer(script: { connection, _ in
            guard let head = try await connection.nextHead() else { return }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(head.utf8.count)\r\n\r\n\(head)")
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let request = HTTPRequest(
                method: .get,
                target: "/a%20b?c=d",
                fields: [.accept: "text/plain", .connection: "upgrade", .transferEncoding: "gzip"]
            )
            let answer = try await client.exchange(request, with: server.address)
            #expect(answer.text == "GET /a%20b?c=d HTTP/1.1\r\nAccept: text/plain\r\nHost: \(server.address)\r\n")
        }
    }
}
