import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// Which connection carries which request.
@Suite struct ConnectionReuseTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test func `a connection carries one request after another`() async throws {
        try await withRawServer(script: { connection, _ in
            try await connection.answerAll(with: ConnectionReuseTests.ok)
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            for _ in 0..<20 { #expect(try await client.fetch("/", from: server.address).text == "ok") }
            #expect(server.acceptedCount == 1 && loop.watchedCount == 3)
            client.close()
            try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
            #expect(loop.watchedCount == 1)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", "HTTP/1.0 200 OK\r\n\r\nok",
    ])
    func `a connection that the peer ends is not kept`(_ answer: String) async throws {
        try await withRawServer(script: { connection, _ in
            guard try await connection.nextHead() != nil else { return }
            try await connection.send(answer)
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            for _ in 0..<3 { #expect(try await client.fetch("/", from: server.address, method: .post).text == "ok") }
            #expect(server.acceptedCount == 3)
            try await loop.wait(for: "the end of the connections") { loop.watchedCount == 1 }
        }
    }

    @Test func `a connection that rested for too long is not used again`() async throws {
        let limits = HTTPClientLimits(idle: .milliseconds(5))
        try await withRawServer(script: { connection, _ in
            try await connection.answerAll(with: ConnectionReuseTests.ok)
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: limits)
            _ = try await client.fetch("/", from: server.address)
            await loop.sleep(for: .milliseconds(10))
            _ = try await client.fetch("/", from: server.address)
            #expect(server.acceptedCount == 2)
            client.close()
        }
    }

    @Test func `as many connections as allowed are opened, and the rest of the requests wait in line`() async throws {
        let limits = HTTPClientLimits(connections: 3)
        try await withRawServer(script: { connection, _ in
            while let head = try await connection.nextHead() {
                let target = head.split(separator: " ")[1]
                try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(target.count)\r\n\r\n\(target)")
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: limits)
            let confined = LoopBound(client, on: loop)
            let address = server.address
            let tasks = (0..<50).map { number in
                loop.spawn { (try? await confined.value.fetch("/\(number)", from: address))?.text }
            }
            for (number, task) in tasks.enumerated() { #expect(await task.value == "/\(number)") }
            #expect(server.acceptedCount == 3)
            client.close()
        }
    }

    @Test func `each origin has connections of its own`() async throws {
        let limits = HTTPClientLimits(connections: 1)
        try await withRawServer(script: { connection, _ in
            while try await connection.nextHead() != nil {}
        }) { silent, loop in
            let address = silent.address
            try await withServer(answering: { _ in .text("other") }) { other, _ in
                let answer = try await loop.run {
                    let client = HTTPClient(loop: loop, limits: limits)
                    let confined = LoopBound(client, on: loop)
                    let held = loop.spawn { try? await confined.value.fetch("/", from: address) }
                    let answer = try await client.fetch("/", from: other.addresses[0]).text
                    held.cancel()
                    _ = await held.value
                    client.close()
                    return answer
                }
                #expect(answer == "other")
            }
        }
    }

    @Test func `a line that is full turns away at once, and who waits too long is sent away`() async throws {
        let limits = HTTPClientLimits(connections: 1, waiting: 1)
        try await withRawServer(script: { connection, _ in
            while try await connection.nextHead() != nil {}
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: limits)
            let address = server.address
            let held = client.fetching("/held", from: address)
            try await loop.wait(for: "the connection") { server.openCount == 1 }
            let waiting = client.fetching("/waiting", from: address, timeout: .milliseconds(40))
            await Task.yield()
            await #expect(throws: HTTPClientError.overloaded) { try await client.fetch("/", from: address) }
            #expect(await waiting.value == .failure(.timedOut))
            // Its place in the line is free again.
            let next = client.fetching("/next", from: address, timeout: .milliseconds(40))
            #expect(await next.value == .failure(.timedOut))
            held.cancel()
            #expect(await held.value == .failure(.cancelled))
            #expect(server.acceptedCount == 1)
        }
    }

    @Test func `a connection that was not to be had gives its place to the next in line`() async throws {
        let limits = HTTPClientLimits(connections: 1)
        let gone = try await ConnectionReuseTests.freedAddress()
        try await withLoop { loop in
            let client = HTTPClient(loop: loop, limits: limits)
            let tasks = (0..<5).map { client.fetching("/\($0)", from: gone) }
            for task in tasks {
                guard case .failure(.notConnected) = await task.value else {
                    Issue.record("a connection to nobody")
                    continue
                }
            }
            #expect(loop.watchedCount == 0)
        }
    }

    /// An address where nobody listens any more.
    private static func freedAddress() async throws -> SocketAddress {
        try await withServer(answering: { _ in .text("") }) { server, _ in server.addresses[0] }
    }

    @Test func `what a peer says after its answer is nobody's answer`() async throws {
        let limits = HTTPClientLimits(connections: 1)
        let smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsmuggled"
        try await withRawServer(script: { connection, number in
            while let head = try await connection.nextHead() {
                let target = head.split(separator: " ")[1]
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(target.count)\r\n\r\n\(target)"
                try await connection.send(number == 0 ? answer + smuggled : answer)
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: limits)
            // The second one waits in line for the connection of the first.
            let tasks = ["/first", "/second"].map { client.fetching($0, from: server.address) }
            var texts: [String] = []
            for task in tasks { texts.append(try await task.value.get().text) }
            texts.append(try await client.fetch("/third", from: server.address).text)
            #expect(texts == ["/first", "/second", "/third"])
            #expect(server.acceptedCount == 2)
            client.close()
        }
    }

    @Test func `a client that is closed keeps no connection that comes back later`() async throws {
        try await withRawServer(script: { connection, _ in
            guard try await connection.nextHead() != nil else { return }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
            await Task.yield()
            try await connection.send("ok")
            _ = try await connection.nextHead()
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let response = try await client.send(HTTPRequest(method: .get, target: "/"), to: HTTPOrigin(server.address))
            client.close()
            #expect(try await TestResponse(response).text == "ok")
            try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
        }
    }
}
