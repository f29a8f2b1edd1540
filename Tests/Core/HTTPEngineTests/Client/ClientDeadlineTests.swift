import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

@Suite struct ClientDeadlineTests {
    private static let short = Duration.milliseconds(40)

    @Test func `a connection that does not come about ends with the time for connecting`() async throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        try await withLoop { loop in
            // Nobody accepts, and the line of the listener is full: the kernel lets further ones wait.
            let listener = try FileDescriptor.streamSocket(for: address)
            try listener.bind(to: address)
            try listener.listen(backlog: 0)
            let target = try listener.localAddress()
            let fillers = try (0..<4).map { _ in
                let socket = try FileDescriptor.streamSocket(for: target)
                _ = try socket.connect(to: target)
                return socket
            }
            defer { for socket in fillers + [listener] { socket.close() } }
            let client = HTTPClient(loop: loop, limits: HTTPClientLimits(connect: ClientDeadlineTests.short))
            let start = MonotonicTime.now()
            await #expect(throws: HTTPClientError.notConnected(.timedOut)) { try await client.fetch("/", from: target) }
            // The time for the whole exchange counts for the connection too.
            let patient = HTTPClient(loop: loop)
            await #expect(throws: HTTPClientError.notConnected(.timedOut)) {
                try await patient.fetch("/", from: target, timeout: ClientDeadlineTests.short)
            }
            #expect(MonotonicTime.now() - start < .seconds(2))
            #expect(loop.watchedCount == 0)
        }
    }

    @Test func `a unix listener whose line is full is no connection`() async throws {
        let path = "/tmp/gatehouse-full-\(ProcessInfo.identifier).sock"
        let address = try #require(SocketAddress("unix:\(path)"))
        defer { try? File.remove(path: path) }
        try await withLoop { loop in
            let listener = try FileDescriptor.streamSocket(for: address)
            defer { listener.close() }
            try listener.bind(to: address)
            try listener.listen(backlog: 0)
            let filler = try FileDescriptor.streamSocket(for: address)
            defer { filler.close() }
            _ = try filler.connect(to: address)
            let client = HTTPClient(loop: loop)
            guard case .failure(.notConnected(.system)) = await client.fetching("/", from: address).value else {
                Issue.record("a connection where none could be")
                return
            }
            #expect(loop.watchedCount == 0)
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nConten", "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n", "HTTP/1.1 200 OK\r\n\r\nhell",
    ])
    func `an answer that stops half-way ends with the time for the exchange, and so does its connection`(
        _ beginning: String
    ) async throws {
        try await withRawServer(script: { connection, _ in
            try await connection.answerAll(with: beginning)
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let outcome = await client.fetching("/", from: server.address, timeout: ClientDeadlineTests.short).value
            #expect(outcome == .failure(.timedOut))
            try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
            #expect(loop.watchedCount == 1)
        }
    }

    @Test func `an answer that trickles for ever ends with the time for the exchange`() async throws {
        try await withRawServer(script: { connection, _ in
            guard try await connection.nextHead() != nil else { return }
            try await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while true { try await connection.send("1\r\nx\r\n") }
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let outcome = await client.fetching("/", from: server.address, timeout: ClientDeadlineTests.short).value
            #expect(outcome == .failure(.timedOut))
            try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
        }
    }

    @Test func `a deadline that passes while nobody waits is not forgotten`() async throws {
        try await withRawServer(script: { connection, _ in
            try await connection.answerAll(with: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let response = try await client.send(
                HTTPRequest(method: .get, target: "/"),
                to: HTTPOrigin(server.address),
                timeout: ClientDeadlineTests.short
            )
            guard case .stream(let content) = response.body else { preconditionFailure("five bytes are a stream") }
            #expect(try await content.next() == [UInt8]("hell".utf8))
            await loop.sleep(for: .milliseconds(60))
            await #expect(throws: HTTPClientError.timedOut) { try await content.next() }
        }
    }

    @Test func `an upload that is not taken ends with the time for the exchange`() async throws {
        try await withRawServer(script: { connection, _ in
            _ = try await connection.nextHead()
            // Reads nothing of the content until the client has left.
            _ = try await connection.take(through: "never sent")
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            var sent = 0
            let content = HTTPBodyStream {
                sent += 1
                // One piece is enough to be asked for the next one; then the producer has no more either.
                if sent > 1 { await loop.sleep(for: .milliseconds(60)) }
                return [UInt8](repeating: 120, count: 10)
            }
            let request = HTTPRequest(method: .post, target: "/", body: .stream(content))
            await #expect(throws: HTTPClientError.timedOut) {
                try await client.exchange(request, with: server.address, timeout: ClientDeadlineTests.short)
            }
            #expect(sent < 50)
        }
    }
}
