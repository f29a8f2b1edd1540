import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

@Suite struct ShutdownTests {
    private static let localhost = SocketAddress("127.0.0.1:0")

    @Test func `no request that was accepted fails when the server stops under load`() async throws {
        let address = try #require(ShutdownTests.localhost)
        for _ in 0..<10 {
            let group = try EventLoopGroup(count: 2)
            let clients = try EventLoopGroup(count: 1)
            let server = try await HTTPServer.start(at: [address], on: group) { _ in
                FunctionResponder { request in
                    if request.target.hasSuffix("7") { await Task.yield() }
                    return .text("done")
                }
            }
            let answered = Lock(0)
            let failures = Lock<[String]>([])
            let loop = clients.loops[0]
            let tasks = (0..<32).map { client in
                loop.spawn {
                    guard let connection = try? await RawConnection(to: server.addresses[0], on: loop) else { return }
                    defer { connection.close() }
                    var count = 0
                    while !connection.hasEnded {
                        let before = connection.received.count
                        let sent =
                            (try? await connection.send("GET /\(client)\(count) HTTP/1.1\r\nHost: a\r\n\r\n")) != nil
                        count += 1
                        let wanted = "done"
                        try? await connection.read { _ in
                            connection.received.count > before
                                && connection.received.suffix(4).elementsEqual(wanted.utf8)
                        }
                        if connection.received.count > before {
                            answered.withLock { $0 += 1 }
                        } else if sent {
                            failures.withLock { $0.append("request \(count) of client \(client)") }
                        }
                        if connection.text.contains("Connection: close") { return }
                    }
                }
            }
            while answered.withLock({ $0 }) < 500 { await Task.yield() }
            await server.stop(within: .seconds(5))
            for task in tasks { await task.value }
            group.stop()
            clients.stop()
            #expect(failures.withLock { $0 } == [])
        }
    }

    @Test func `a request that is being answered is finished, and an idle connection is closed`() async throws {
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let address = try #require(ShutdownTests.localhost)
            let gate = Lock(false)
            // So long that only the stop can be what closes the idle one, on however slow a machine.
            var limits = HTTPServerLimits()
            limits.headTimeout = .seconds(600)
            let server = try await HTTPServer.start(at: [address], on: group, limits: limits) { loop in
                FunctionResponder { _ in
                    while !(gate.withLock { $0 }) { await loop.sleep(for: .milliseconds(1)) }
                    return .text("finished")
                }
            }
            let busy = try await RawConnection(to: server.addresses[0], on: loop)
            let idle = try await RawConnection(to: server.addresses[0], on: loop)
            try await busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while await server.connectionCounts() != [2] { await loop.sleep(for: .milliseconds(1)) }
            let stopping = Task { await server.stop(within: .seconds(5)) }
            try await idle.readToEnd()
            #expect(idle.received.isEmpty)
            gate.withLock { $0 = true }
            try await busy.readToEnd()
            #expect(busy.text.hasSuffix("finished") && busy.text.contains("Connection: close\r\n"))
            busy.close()
            await stopping.value
            #expect(await server.connectionCounts() == [0])
            idle.close()
        }
    }

    @Test func `what does not finish in time is ended`() async throws {
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let address = try #require(ShutdownTests.localhost)
            let server = try await HTTPServer.start(at: [address], on: group) { loop in
                FunctionResponder { _ in
                    await loop.sleep(for: .milliseconds(400))
                    return .text("too late")
                }
            }
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while await server.connectionCounts() != [1] { await loop.sleep(for: .milliseconds(1)) }
            await server.stop(within: .milliseconds(20))
            try await connection.readToEnd()
            #expect(connection.received.isEmpty)
            connection.close()
            // The loop would be gone before it, and nobody left to resume it.
            while await server.connectionCounts() != [0] { await loop.sleep(for: .milliseconds(1)) }
        }
    }

    @Test func `an answer that is still being sent when the stop begins arrives whole`() async throws {
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let address = try #require(ShutdownTests.localhost)
            let server = try await HTTPServer.start(at: [address], on: group) { _ in
                FunctionResponder { _ in HTTPResponse(body: .bytes([UInt8](repeating: 120, count: 20_000_000))) }
            }
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await connection.read { !$0.isEmpty }
            let stopping = Task { await server.stop(within: .seconds(60)) }
            await loop.sleep(for: .milliseconds(400))
            try await connection.readToEnd()
            #expect(connection.received.count > 20_000_000)
            connection.close()
            await stopping.value
        }
    }

    @Test func `a handler that does not end does not hold up the stop`() async throws {
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let address = try #require(ShutdownTests.localhost)
            let gate = Lock(false)
            let server = try await HTTPServer.start(at: [address], on: group) { loop in
                FunctionResponder { _ in
                    while !(gate.withLock { $0 }) { await loop.sleep(for: .milliseconds(1)) }
                    return .text("at last")
                }
            }
            let connection = try await RawConnection(to: server.addresses[0], on: loop)
            try await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while await server.connectionCounts() != [1] { await loop.sleep(for: .milliseconds(1)) }
            await server.stop(within: .milliseconds(20))
            #expect(await server.connectionCounts() == [1])
            gate.withLock { $0 = true }
            while await server.connectionCounts() != [0] { await loop.sleep(for: .milliseconds(1)) }
            connection.close()
        }
    }

    @Test func `one connection too many is turned away`() async throws {
        var limits = HTTPServerLimits()
        limits.connections = 3
        try await withServer(limits: limits, answering: { _ in .text("served") }) { server, loop in
            var connections: [RawConnection] = []
            for _ in 0..<3 {
                let connection = try await RawConnection(to: server.addresses[0], on: loop)
                try await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                try await connection.read { $0.hasSuffix("served") }
                connections.append(connection)
            }
            let extra = try await RawConnection(to: server.addresses[0], on: loop)
            try await extra.readToEnd()
            #expect(extra.text.hasPrefix("HTTP/1.1 503 ") && extra.text.contains("Retry-After: 1\r\n"))
            extra.close()
            connections.removeLast().close()
            while await server.connectionCounts() != [2] { await loop.sleep(for: .milliseconds(1)) }
            let next = try await RawConnection(to: server.addresses[0], on: loop)
            try await next.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await next.read { $0.hasSuffix("served") }
            for connection in connections + [next] { connection.close() }
            #expect(await server.counts().map(\.turnedAway) == [1])
        }
    }

    @Test func `only so many are told that there is no room, and the others find themselves closed`() async throws {
        var limits = HTTPServerLimits()
        limits.connections = 1
        try await withServer(limits: limits, answering: { _ in .text("served") }) { server, loop in
            let address = server.addresses[0]
            let first = try await RawConnection(to: address, on: loop)
            try await first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await first.read { $0.hasSuffix("served") }
            // All at once: the loop hears of them when there is something to wait for.
            let crowd = try (0..<100).map { _ in
                let socket = try FileDescriptor.streamSocket(for: address)
                _ = try socket.connect(to: address)
                return try RawConnection(accepted: socket, from: address, on: loop, patience: .seconds(60))
            }
            for connection in crowd {
                try await connection.readToEnd()
                connection.close()
            }
            #expect(crowd.count { $0.text.hasPrefix("HTTP/1.1 503 ") } == 64)
            #expect(crowd.count { $0.received.isEmpty } == 36)
            #expect(await server.counts() == [HTTPServer.LoopCounts(open: 1, turnedAway: 100)])
            first.close()
        }
    }
}
