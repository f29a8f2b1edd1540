import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// Answers that nobody waits for any more.
@Suite struct ClientCancellationTests {
    private static let single = HTTPClientLimits(connections: 1)

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"])
    func `a request that is cancelled ends at once, and closes its connection`(_ beginning: String) async throws {
        try await withRawServer(script: { connection, _ in
            while try await connection.nextHead() != nil {
                try await connection.send(beginning)
                _ = try await connection.take(through: "never sent")
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: ClientCancellationTests.single)
            for _ in 0..<3 {
                let task = client.fetching("/", from: server.address)
                try await loop.wait(for: "the connection") { server.openCount == 1 }
                await loop.sleep(for: .milliseconds(5))
                let start = MonotonicTime.now()
                task.cancel()
                #expect(await task.value == .failure(.cancelled))
                // Well before the exchange would have ended by itself.
                #expect(MonotonicTime.now() - start < .seconds(10))
                try await loop.wait(for: "the end of the connection") { server.openCount == 0 }
            }
            #expect(server.acceptedCount == 3 && loop.watchedCount == 1)
        }
    }

    @Test func `a request that is cancelled while its connection is being made ends at once`() async throws {
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
            let client = HTTPClient(loop: loop, limits: HTTPClientLimits(connections: 1, connect: .seconds(600)))
            for _ in 0..<2 {
                let task = client.fetching("/", from: target, timeout: .seconds(600))
                try await loop.wait(for: "the connection to be asked for") { loop.watchedCount == 1 }
                task.cancel()
                #expect(await task.value == .failure(.cancelled))
                #expect(loop.watchedCount == 0)
            }
        }
    }

    @Test func `a request that is cancelled in the line leaves it, and harms nobody there`() async throws {
        let isReleased = Lock(false)
        try await withRawServer(script: { connection, _ in
            while let head = try await connection.nextHead() {
                if head.contains("/held") {
                    try await connection.loop.wait(for: "the release") { isReleased.withLock { $0 } }
                }
                try await connection.send(ConnectionReuseTests.ok)
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: ClientCancellationTests.single)
            let held = client.fetching("/held", from: server.address)
            try await loop.wait(for: "the connection") { server.openCount == 1 }
            let waiting = client.fetching("/waiting", from: server.address)
            let behind = client.fetching("/behind", from: server.address)
            await Task.yield()
            let start = MonotonicTime.now()
            waiting.cancel()
            #expect(await waiting.value == .failure(.cancelled))
            #expect(MonotonicTime.now() - start < .seconds(5))
            isReleased.withLock { $0 = true }
            #expect(try await held.value.get().text == "ok")
            #expect(try await behind.value.get().text == "ok")
            #expect(try await client.fetch("/after", from: server.address, timeout: .seconds(5)).text == "ok")
            #expect(server.acceptedCount == 1)
            client.close()
        }
    }

    @Test func `a place that becomes free just when the first in line gives up goes to the second`() async throws {
        try await withRawServer(script: { connection, number in
            while try await connection.nextHead() != nil {
                let half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
                try await connection.send(number == 0 ? half : ConnectionReuseTests.ok)
            }
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: ClientCancellationTests.single)
            let request = HTTPRequest(method: .get, target: "/held")
            var held: HTTPResponse? = try await client.send(request, to: HTTPOrigin(server.address))
            #expect(held?.status == .ok)
            let first = client.fetching("/first", from: server.address)
            let second = client.fetching("/second", from: server.address, timeout: .seconds(10))
            await Task.yield()
            // Nothing comes between these two: the first has given up, and does not know yet that it is to leave.
            first.cancel()
            held = nil
            #expect(await first.value == .failure(.cancelled))
            #expect(await second.value == .success(Fetched(status: .ok, text: "ok")))
            #expect(server.acceptedCount == 2)
            client.close()
        }
    }

    @Test func `a request of a task that is cancelled already is not sent`() async throws {
        try await withRawServer(script: { connection, _ in
            try await connection.answerAll(with: ConnectionReuseTests.ok)
        }) { server, loop in
            let client = HTTPClient(loop: loop)
            let task = client.fetching("/", from: server.address)
            task.cancel()
            #expect(await task.value == .failure(.cancelled))
            #expect(server.acceptedCount == 0)
        }
    }

    @Test func `an answer that is dropped closes its connection and frees its place`() async throws {
        try await withRawServer(script: { connection, number in
            guard try await connection.nextHead() != nil else { return }
            try await connection.send(
                number == 3 ? ConnectionReuseTests.ok : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
            )
            _ = try await connection.nextHead()
        }) { server, loop in
            let client = HTTPClient(loop: loop, limits: ClientCancellationTests.single)
            let origin = HTTPOrigin(server.address)
            for _ in 0..<2 { _ = try await client.send(HTTPRequest(method: .get, target: "/"), to: origin) }
            // Dropped in the middle.
            if case .stream(let content) = try await client.send(HTTPRequest(method: .get, target: "/"), to: origin)
                .body
            {
                #expect(try await content.next() != nil)
            }
            #expect(try await client.fetch("/", from: server.address, timeout: .seconds(5)).text == "ok")
            try await loop.wait(for: "the end of the dropped ones") { server.openCount == 1 }
            #expect(server.acceptedCount == 4)
            client.close()
        }
    }
}
