import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// Content that a client sends, and where it may send it to.
@Suite struct ClientUploadTests {
    @Sendable private static func echo(_ request: HTTPRequest) async throws -> HTTPResponse {
        let content = try await request.body.collect(limit: 10_000_000)
        let framing = request.fields[.contentLength] ?? request.fields[.transferEncoding] ?? "none"
        return HTTPResponse(fields: [.eTag: framing], body: .bytes(content))
    }

    private static func pieces(_ count: Int, of size: Int) -> () -> [UInt8]? {
        var left = count
        return {
            if left == 0 { return nil }
            left -= 1
            return [UInt8](repeating: UInt8(left % 251), count: size)
        }
    }

    @Test func `content goes out with its length when that is known, and in chunks otherwise`() async throws {
        let hello = [UInt8]("hello".utf8)
        try await withServer(answering: ClientUploadTests.echo) { server, loop in
            let client = HTTPClient(loop: loop)
            var once: [[UInt8]] = [hello]
            var twice: [[UInt8]] = [hello, [], hello]
            let scenarios: [(HTTPMethod, HTTPBody, String, [UInt8])] = [
                (.post, .bytes(hello), "5", hello), (.post, .empty, "0", []), (.get, .empty, "none", []),
                (.put, .stream(HTTPBodyStream(length: 5) { once.popLast() }), "5", hello),
                (.put, .stream(HTTPBodyStream { twice.popLast() }), "chunked", hello + hello),
            ]
            for (method, body, framing, expected) in scenarios {
                let request = HTTPRequest(method: method, target: "/", body: body)
                let answer = try await client.exchange(request, with: server.addresses[0])
                #expect(answer.fields[.eTag] == framing && answer.body == expected)
            }
            #expect(await server.connectionCounts() == [1])
            client.close()
        }
    }

    @Test(arguments: [nil, 300 * 10_000])
    func `an upload of many pieces arrives whole`(_ length: Int?) async throws {
        try await withServer(answering: ClientUploadTests.echo) { server, loop in
            let client = HTTPClient(loop: loop)
            let request = HTTPRequest(
                method: .post,
                target: "/",
                body: .stream(HTTPBodyStream(length: length, pull: ClientUploadTests.pieces(300, of: 10_000)))
            )
            let answer = try await client.exchange(request, with: server.addresses[0])
            let next = ClientUploadTests.pieces(300, of: 10_000)
            var expected: [UInt8] = []
            while let piece = next() { expected += piece }
            #expect(answer.body == expected)
            client.close()
        }
    }

    @Test func `an upload makes no more than the peer takes`() async throws {
        let mayRead = Lock(false)
        let made = Lock(0)
        try await withServer(answering: { request in
            while !(mayRead.withLock { $0 }) { await Task.yield() }
            return .text("\(try await request.body.collect(limit: 100_000_000).count)")
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let confined = LoopBound(client, on: loop)
            let address = server.addresses[0]
            let sending = loop.spawn {
                let next = ClientUploadTests.pieces(300, of: 65_536)
                let content = HTTPBodyStream {
                    made.withLock { $0 += 1 }
                    return next()
                }
                let request = HTTPRequest(method: .post, target: "/", body: .stream(content))
                return try? await confined.value.exchange(request, with: address, timeout: .seconds(60)).text
            }
            // Until no more is made: what two sockets hold, and the server has not read any of it.
            var before = -1
            try await loop.wait(for: "the sockets to fill") {
                defer { before = made.withLock { $0 } }
                await loop.sleep(for: .milliseconds(20))
                return before > 0 && before == made.withLock { $0 }
            }
            #expect(made.withLock { $0 } < 200)
            mayRead.withLock { $0 = true }
            #expect(await sending.value == "\(300 * 65_536)")
            #expect(made.withLock { $0 } == 301)
            client.close()
        }
    }

    @Test(arguments: [(4, 5), (6, 5)])
    func `content that is not as long as was said ends the connection`(_ count: Int, _ length: Int) async throws {
        try await withRawServer(script: { connection, _ in
            _ = try await connection.take(through: "never sent")
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let content = HTTPBodyStream(length: length, pull: ClientUploadTests.pieces(count, of: 1))
            let request = HTTPRequest(method: .post, target: "/", body: .stream(content))
            await #expect(throws: HTTPClientError.self) {
                try await client.exchange(request, with: server.address)
            }
            try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
            #expect(loop.watchedCount == 1)
        }
    }

    @Test func `a unix socket is an origin`() async throws {
        let address = try #require(SocketAddress("unix:/tmp/gatehouse-client-\(ProcessInfo.identifier).sock"))
        try await withRawServer(
            at: address,
            script: { connection, _ in
                while let head = try await connection.nextHead() {
                    let host = head.contains("\r\nHost: localhost\r\n") ? "yes" : "no"
                    try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(host.count)\r\n\r\n\(host)")
                }
            }
        ) { server, loop in
            let client = HTTPClient(loop: loop)
            for _ in 0..<3 {
                let answer = try await client.fetch("/", from: address)
                #expect(answer.text == "yes")
            }
            #expect(server.acceptedCount == 1)
            client.close()
        }
        try await withLoop { loop in
            guard case .failure(.notConnected) = await HTTPClient(loop: loop).fetching("/", from: address).value else {
                Issue.record("the file should be gone")
                return
            }
        }
    }

    @Test func `a name is looked up, and one that nobody has is an error`() async throws {
        let resolver = try BlockingPool(name: "names", threads: 1, queueLimit: 8)
        defer { resolver.close() }
        try await withServer(answering: { .text($0.fields[.host] ?? "none") }) { server, loop in
            guard case .ip(_, let port) = server.addresses[0] else { preconditionFailure("a port was asked for") }
            let client = HTTPClient(loop: loop, resolver: resolver)
            let request = HTTPRequest(method: .get, target: "/")
            // `localhost` is ::1 as well, where nobody listens: the next address is tried.
            let origin = try #require(HTTPOrigin("http://localhost:\(port)"))
            for _ in 0..<2 {
                #expect(try await TestResponse(try await client.send(request, to: origin)).text == "localhost:\(port)")
            }
            #expect(await server.connectionCounts() == [1])
            let nowhere = try #require(HTTPOrigin("http://no-such-host.invalid:1"))
            do throws(HTTPClientError) {
                _ = try await client.send(request, to: nowhere)
                Issue.record("nobody has that name")
            } catch {
                guard case .nameNotResolved = error else {
                    Issue.record(error)
                    return
                }
            }
            client.close()
        }
    }
}
