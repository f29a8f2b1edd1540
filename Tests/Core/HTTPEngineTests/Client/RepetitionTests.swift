import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// What happens to a request whose connection ends under it. The servers count what they get.
@Suite struct RepetitionTests {
    /// Answers the first request of each connection, and ends the connection when it gets another: what a peer does whose
    /// patience ended just then.
    private static func forgetful(_ heads: Heads) -> RawServer.Script {
        { connection, _ in
            var isFirst = true
            while let head = try await connection.nextHead() {
                heads.append(head)
                guard isFirst else { return }
                isFirst = false
                try await connection.send(ConnectionReuseTests.ok)
            }
        }
    }

    final class Heads: Sendable {
        private let lines = Lock<[String]>([])
        func append(_ head: String) { lines.withLock { $0.append(String(head.prefix { $0 != "\r\n" })) } }
        var all: [String] { lines.withLock { $0 } }
    }

    @Test(arguments: [HTTPMethod.get, .head, .put, .delete, .options])
    func `an idempotent request whose resting connection was ended is sent again on a fresh one`(
        _ method: HTTPMethod
    ) async throws {
        let heads = Heads()
        try await withRawServer(script: RepetitionTests.forgetful(heads)) { server, loop in
            let client = HTTPClient(loop: loop)
            _ = try await client.fetch("/1", from: server.address)
            #expect(try await client.fetch("/2", from: server.address, method: method).status == .ok)
            #expect(heads.all.map { $0.split(separator: " ")[1] } == ["/1", "/2", "/2"])
            #expect(server.acceptedCount == 2)
            client.close()
        }
    }

    @Test func `the fresh connection is none that rested too`() async throws {
        let heads = Heads()
        try await withRawServer(script: RepetitionTests.forgetful(heads)) { server, loop in
            let client = HTTPClient(loop: loop)
            let tasks = (0..<4).map { client.fetching("/\($0)", from: server.address) }
            for task in tasks { _ = try await task.value.get() }
            #expect(server.acceptedCount == 4)
            #expect(try await client.fetch("/again", from: server.address).text == "ok")
            #expect(server.acceptedCount == 5 && heads.all.count { $0.contains("/again") } == 2)
            client.close()
            try await loop.wait(for: "the end of the connections") { server.openCount == 0 }
        }
    }

    @Test(arguments: [HTTPMethod.post, .patch, .other("MOVE")])
    func `a request that may not be made twice is not sent twice`(_ method: HTTPMethod) async throws {
        let heads = Heads()
        try await withRawServer(script: RepetitionTests.forgetful(heads)) { server, loop in
            let client = HTTPClient(loop: loop)
            _ = try await client.fetch("/1", from: server.address)
            await #expect(throws: HTTPClientError.connectionLost) {
                try await client.fetch("/2", from: server.address, method: method)
            }
            #expect(heads.all.count == 2 && server.acceptedCount == 1)
        }
    }

    @Test func `content that was given away can not be sent again`() async throws {
        let heads = Heads()
        try await withRawServer(script: RepetitionTests.forgetful(heads)) { server, loop in
            let client = HTTPClient(loop: loop)
            _ = try await client.fetch("/1", from: server.address)
            var pieces = [[UInt8]("content".utf8)]
            let request = HTTPRequest(
                method: .put,
                target: "/2",
                body: .stream(HTTPBodyStream(length: 7) { pieces.popLast() })
            )
            await #expect(throws: HTTPClientError.connectionLost) {
                try await client.exchange(request, with: server.address)
            }
            #expect(heads.all.count == 2)
        }
    }

    @Test func `a request on a connection that never served is not sent again`() async throws {
        let heads = Heads()
        try await withRawServer(script: { connection, _ in
            if let head = try await connection.nextHead() { heads.append(head) }
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            await #expect(throws: HTTPClientError.connectionLost) { try await client.fetch("/", from: server.address) }
            #expect(heads.all.count == 1)
        }
    }

    @Test func `a request that is lost twice is given up`() async throws {
        let heads = Heads()
        try await withRawServer(script: { connection, _ in
            while let head = try await connection.nextHead() {
                heads.append(head)
                if heads.all.count > 1 { return }
                try await connection.send(ConnectionReuseTests.ok)
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            _ = try await client.fetch("/1", from: server.address)
            await #expect(throws: HTTPClientError.connectionLost) { try await client.fetch("/2", from: server.address) }
            #expect(heads.all.count == 3 && server.acceptedCount == 2)
            try await loop.wait(for: "the end of the connections") { loop.watchedCount == 1 }
        }
    }

    @Test(arguments: ["H", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 100 Continue\r\n\r\n"])
    func `a request whose answer has begun is never sent again`(_ beginning: String) async throws {
        let heads = Heads()
        try await withRawServer(script: { connection, _ in
            var isFirst = true
            while let head = try await connection.nextHead() {
                heads.append(head)
                try await connection.send(isFirst ? ConnectionReuseTests.ok : beginning)
                guard isFirst else { return }
                isFirst = false
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            _ = try await client.fetch("/1", from: server.address)
            await #expect(throws: HTTPClientError.connectionLost) { try await client.fetch("/2", from: server.address) }
            #expect(heads.all.count == 2 && server.acceptedCount == 1)
        }
    }

    @Test func `a connection that was ended while it rested is noticed before it is used`() async throws {
        let heads = Heads()
        try await withRawServer(script: { connection, _ in
            guard let head = try await connection.nextHead() else { return }
            heads.append(head)
            try await connection.send(ConnectionReuseTests.ok)
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            for number in 1...3 {
                // POST would fail if the end were not seen first.
                #expect(try await client.fetch("/\(number)", from: server.address, method: .post).text == "ok")
                try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
                await loop.sleep(for: .milliseconds(1))
            }
            #expect(heads.all.count == 3 && server.acceptedCount == 3)
            client.close()
        }
    }
}
