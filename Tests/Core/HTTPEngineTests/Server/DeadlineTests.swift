import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

@Suite struct DeadlineTests {
    private static var short: HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.headTimeout = .milliseconds(60)
        limits.bodyTimeout = .milliseconds(60)
        limits.writeTimeout = .milliseconds(60)
        limits.keepAliveTimeout = .milliseconds(60)
        limits.leastBytesPerSecond = 1_000_000
        return limits
    }

    @Sendable private static func read(_ request: HTTPRequest) async throws -> HTTPResponse {
        .text("\(try await request.body.collect(limit: 100_000_000).count) bytes")
    }

    @Test func `a head that trickles in is ended by its deadline`() async throws {
        let endless = "X: " + String(repeating: "a", count: 10_000)
        let text = try await DeadlineTests.outcome("GET / HTTP/1.1\r\nHost: a\r\n", endless)
        #expect(text.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }

    @Test func `content that trickles in is ended by its deadline`() async throws {
        let text = try await DeadlineTests.outcome(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n",
            String(repeating: "a", count: 10_000)
        )
        #expect(text.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }

    @Test func `chunks that trickle in are ended by their deadline`() async throws {
        let text = try await DeadlineTests.outcome(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            String(repeating: "1\r\na\r\n", count: 2_000)
        )
        #expect(text.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }

    @Test(arguments: ["", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"])
    func `a connection that says nothing more is closed without a word`(_ first: String) async throws {
        let text = try await DeadlineTests.outcome(first, "")
        #expect(!text.contains("408"))
        #expect(text.contains("200 OK") == !first.isEmpty)
    }

    /// What a client got that sends the first part and then a byte each few milliseconds, until the server ended it.
    private static func outcome(_ first: String, _ rest: String) async throws -> String {
        try await withServer(limits: short, answering: DeadlineTests.read) { server, loop in
            let connection = LoopBound(try await RawConnection(to: server.addresses[0], on: loop), on: loop)
            try await connection.value.send(first)
            let sending = loop.spawn {
                for byte in rest.utf8 where !connection.value.hasEnded {
                    await loop.sleep(for: .milliseconds(3))
                    guard (try? await connection.value.send([byte])) != nil else { return }
                }
            }
            try await connection.value.readToEnd()
            await sending.value
            connection.value.close()
            return connection.value.text
        }
    }

    @Test func `a steady transfer is not ended, however long it takes`() async throws {
        var limits = DeadlineTests.short
        limits.leastBytesPerSecond = 100
        try await withServer(limits: limits, answering: DeadlineTests.read) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n")
            for _ in 0..<20 {
                await loop.sleep(for: .milliseconds(10))
                try await connection.send(String(repeating: "a", count: 10))
            }
            try await connection.read { $0.hasSuffix("200 bytes") }
            connection.close()
        }
    }

    @Test func `a reader that takes nothing is ended by its deadline`() async throws {
        try await withServer(
            limits: DeadlineTests.short,
            answering: { _ in HTTPResponse(body: .bytes([UInt8](repeating: 120, count: 30_000_000))) }
        ) { server, loop in
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while await server.connectionCounts() != [0] { await loop.sleep(for: .milliseconds(5)) }
            try await connection.readToEnd()
            #expect(connection.received.count < 30_000_000)
            connection.close()
        }
    }
}
