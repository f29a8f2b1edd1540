import Glibc
import Linux
import Networking
import TestKit
import Testing

@Suite struct SocketTests {
    private struct Unfit: Error {
        let what: String
    }

    private static let anyPort = SocketAddress("127.0.0.1:0")

    /// A listener that gives back what it is sent.
    private static func openEcho(_ group: EventLoopGroup, at address: SocketAddress) throws -> Listener {
        try Listener.open(at: address, on: group.loops[0], of: group) { loop, descriptor, peer in
            loop.spawn {
                defer { Listener.connectionEnded(on: loop) }
                guard let stream = try? StreamSocket(descriptor, peer: peer, on: loop) else { return }
                defer { stream.close() }
                while true {
                    let piece = try? await stream.receive { bytes in
                        bytes.withUnsafeBufferPointer { Array($0) }
                    }
                    guard let piece, !piece.isEmpty else { return }
                    stream.write(piece)
                    guard (try? await stream.flush()) != nil else { return }
                }
            }
        }
    }

    @Test func `bytes come back over TCP and over a unix socket, many times what a socket holds`() async throws {
        let path = "/tmp/gatehouse-echo-\(ProcessInfo.identifier).sock"
        let addresses = try [#require(SocketTests.anyPort), #require(SocketAddress("unix:\(path)"))]
        try await withLoops(2) { group in
            for address in addresses {
                let listener = try SocketTests.openEcho(group, at: address)
                let connection = try await RawConnection(to: listener.address, on: group.loops[0])
                let sent = [UInt8](repeating: 0, count: 3_000_000).indices.map { UInt8(truncatingIfNeeded: $0 &* 31) }
                let sender = LoopBound(connection, on: group.loops[0])
                let sending = group.loops[0].spawn {
                    try? await sender.value.send(sent)
                    sender.value.endWriting()
                }
                try await connection.readToEnd()
                await sending.value
                #expect(connection.received == sent)
                connection.close()
                listener.close()
            }
        }
        #expect(throws: SystemError.self) { try File.status(path: path) }
    }

    @Test func `connections are spread evenly`() async throws {
        let address = try #require(SocketTests.anyPort)
        let counts = Lock([0, 0, 0, 0])
        try await withLoops(4) { group in
            let listener = try Listener.open(at: address, on: group.loops[0], of: group) { loop, descriptor, peer in
                counts.withLock { $0[loop.index] += 1 }
                loop.spawn {
                    guard let stream = try? StreamSocket(descriptor, peer: peer, on: loop) else { return }
                    stream.write([1])
                    try? await stream.flush()
                    _ = try? await stream.receive { $0.count }
                    stream.close()
                }
            }
            var connections: [RawConnection] = []
            for _ in 0..<40 {
                let connection = try await RawConnection(to: listener.address, on: group.loops[0])
                try await connection.read { !$0.isEmpty }
                connections.append(connection)
            }
            for connection in connections { connection.close() }
            listener.close()
        }
        #expect(counts.withLock { $0 } == [10, 10, 10, 10])
    }

    @Test func `a port that is taken is an error, and nothing is left open`() async throws {
        let address = try #require(SocketTests.anyPort)
        try await withLoops(1) { group in
            let listener = try SocketTests.openEcho(group, at: address)
            #expect(throws: SystemError.self) { try SocketTests.openEcho(group, at: listener.address).close() }
            listener.close()
        }
    }

    @Test func `a stale socket file is replaced, a live one and any other file are not`() async throws {
        let path = "/tmp/gatehouse-stale-\(ProcessInfo.identifier).sock"
        let address = try #require(SocketAddress("unix:\(path)"))
        defer { try? File.remove(path: path) }
        let abandoned = try FileDescriptor.streamSocket(for: address)
        try abandoned.bind(to: address)
        abandoned.close()
        try await withLoops(1) { group in
            let listener = try SocketTests.openEcho(group, at: address)
            #expect(throws: SystemError.self) { try SocketTests.openEcho(group, at: address).close() }
            let connection = try await RawConnection(to: address, on: group.loops[0])
            try await connection.send("x")
            try await connection.read { $0 == "x" }
            connection.close()
            listener.close()
        }
        let ordinary = "/tmp/gatehouse-ordinary-\(ProcessInfo.identifier)"
        let target = try #require(SocketAddress("unix:\(ordinary)"))
        try TestFiles.write("not yours", to: ordinary)
        defer { try? File.remove(path: ordinary) }
        try await withLoops(1) { group in
            #expect(throws: SystemError.self) { try SocketTests.openEcho(group, at: target).close() }
        }
        #expect(try File.contents(path: ordinary, limit: 100) == [UInt8]("not yours".utf8))
    }

    @Test func `a stream's deadline ends a read, and one that is moved on does not`() async throws {
        let address = try #require(SocketTests.anyPort)
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let listener = try SocketTests.openEcho(group, at: address)
            let stream = try await StreamSocket.connect(
                to: listener.address,
                on: loop,
                deadline: loop.now + .seconds(5)
            )
            stream.deadline = loop.now + .milliseconds(5)
            await #expect(throws: StreamError.timedOut) { try await stream.receive { $0.count } }
            stream.deadline = loop.now + .milliseconds(5)
            stream.deadline = loop.now + .seconds(30)
            stream.write([7])
            try await stream.flush()
            await loop.sleep(for: .milliseconds(15))
            #expect(try await stream.receive { $0.count } == 1)
            stream.close()
            await #expect(throws: StreamError.closed) { try await stream.receive { $0.count } }
            listener.close()
        }
    }

    @Test func `a deadline that passes while nobody waits is not lost`() async throws {
        let address = try #require(SocketTests.anyPort)
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let listener = try SocketTests.openEcho(group, at: address)
            let stream = try await StreamSocket.connect(
                to: listener.address,
                on: loop,
                deadline: loop.now + .seconds(5)
            )
            stream.deadline = loop.now + .milliseconds(5)
            await loop.sleep(for: .milliseconds(20))
            await #expect(throws: StreamError.timedOut) { try await stream.receive { $0.count } }
            stream.close()
            listener.close()
        }
    }

    @Test func `a stream that was closed says nothing to whoever got its descriptor`() async throws {
        let address = try #require(SocketTests.anyPort)
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let listener = try SocketTests.openEcho(group, at: address)
            let limit = loop.now + .seconds(5)
            let closed = try await StreamSocket.connect(to: listener.address, on: loop, deadline: limit)
            closed.close()
            // The kernel gives out the lowest number that is free: one of these has the one that was just closed.
            var successors: [RawConnection] = []
            for _ in 0..<8 { successors.append(try await RawConnection(to: listener.address, on: loop)) }
            closed.write([UInt8]("for nobody".utf8))
            await #expect(throws: StreamError.closed) { try await closed.flush() }
            await #expect(throws: StreamError.closed) { try await closed.receive { $0.count } }
            closed.endWriting()
            #expect(!closed.hasStirred() && !closed.isOpen)
            for successor in successors {
                try await successor.send("mine")
                try await successor.read { $0.count >= 4 }
                #expect(successor.text == "mine")
                successor.close()
            }
            listener.close()
        }
    }

    @Test func `a stream that is closed while it lets others have a turn reads nothing any more`() async throws {
        let address = try #require(SocketTests.anyPort)
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let listener = try Listener.open(at: address, on: loop, of: group) { loop, descriptor, _ in
                descriptor.close()
                Listener.connectionEnded(on: loop)
            }
            let limit = loop.now + .seconds(5)
            let address = listener.address
            let stream = try await StreamSocket.connect(to: address, on: loop, deadline: limit)
            // An end stays readable, so that every read from here on is one in a row.
            #expect(try await stream.receive { $0.count } == 0)
            let confined = LoopBound(stream, on: loop)
            let closing = loop.spawn {
                confined.value.close()
                // The lowest number that is free, which is the one of the stream unless another test was faster.
                return try? FileDescriptor.streamSocket(for: address)
            }
            await #expect(throws: StreamError.closed) {
                // None of these waits for anything, so the stream is closed when it lets others have their turn.
                while try await stream.receive({ $0.count }) == 0 {}
            }
            await closing.value?.close()
            listener.close()
        }
    }

    @Test func `connecting to nobody fails`() async throws {
        let address = try #require(SocketTests.anyPort)
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let listener = try SocketTests.openEcho(group, at: address)
            let gone = listener.address
            listener.close()
            await #expect(throws: StreamError.self) {
                try await StreamSocket.connect(to: gone, on: loop, deadline: loop.now + .seconds(5)).close()
            }
        }
    }

    @Test func `who was told that somebody listens is taken in when the listener closes`() async throws {
        let path = "/tmp/gatehouse-closing-\(ProcessInfo.identifier).sock"
        let address = try #require(SocketAddress("unix:\(path)"))
        let accepted = Lock(0)
        try await withLoops(1) { group in
            let listener = try Listener.open(at: address, on: group.loops[0], of: group) { loop, descriptor, _ in
                accepted.withLock { $0 += 1 }
                descriptor.close()
                Listener.connectionEnded(on: loop)
            }
            // All of this is done before the loop hears of any of it.
            let clients = try (0..<5).map { _ in
                let socket = try FileDescriptor.streamSocket(for: address)
                #expect(try socket.connect(to: address))
                return socket
            }
            listener.close()
            #expect(accepted.withLock { $0 } == 5)
            let late = try FileDescriptor.streamSocket(for: address)
            #expect(throws: SystemError.self) { try late.connect(to: address) }
            for socket in clients + [late] { socket.close() }
        }
    }

    @Test func `a listener that is out of descriptors accepts again when there are some`() async {
        // In a process of its own, for the limit holds for all of one.
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 256, rlim_max: 256)
            guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
                throw Unfit(what: "a lower limit")
            }
            guard let address = SocketAddress("127.0.0.1:0") else { throw Unfit(what: "an address") }
            let (accepted, troubles) = (Lock(0), Lock<[SystemError]>([]))
            try await withLoops(1) { group in
                let loop = group.loops[0]
                let listener = try Listener.open(
                    at: address,
                    on: loop,
                    of: group,
                    onTrouble: { error in troubles.withLock { $0.append(error) } },
                    handler: { loop, descriptor, _ in
                        accepted.withLock { $0 += 1 }
                        descriptor.close()
                        Listener.connectionEnded(on: loop)
                    }
                )
                let clients = try (0..<3).map { _ in
                    let socket = try FileDescriptor.streamSocket(for: listener.address)
                    _ = try socket.connect(to: listener.address)
                    return socket
                }
                var fillers: [FileDescriptor] = []
                while let copy = try? clients[0].duplicate() { fillers.append(copy) }
                try await loop.wait(for: "the trouble") { !troubles.withLock { $0 }.isEmpty }
                guard accepted.withLock({ $0 }) == 0, troubles.withLock({ $0 }).allSatisfy(\.isOutOfDescriptors) else {
                    throw Unfit(what: "trouble with descriptors")
                }
                for filler in fillers { filler.close() }
                try await loop.wait(for: "the connections") { accepted.withLock { $0 } == 3 }
                for socket in clients { socket.close() }
                listener.close()
            }
        }
    }

    @Test func `an end that comes together with the last bytes is read`() async throws {
        let address = try #require(SocketTests.anyPort)
        let ended = Lock(0)
        try await withLoops(1) { group in
            let loop = group.loops[0]
            let listener = try Listener.open(at: address, on: loop, of: group) { loop, descriptor, peer in
                loop.spawn {
                    guard let stream = try? StreamSocket(descriptor, peer: peer, on: loop) else { return }
                    stream.deadline = loop.now + .seconds(5)
                    while let count = try? await stream.receive({ $0.count }) {
                        if count == 0 { ended.withLock { $0 += 1 } }
                        if count == 0 { break }
                    }
                    stream.close()
                }
            }
            for _ in 0..<200 {
                let connection = try await RawConnection(to: listener.address, on: loop)
                try await connection.send("last words")
                connection.close()
            }
            while ended.withLock({ $0 }) < 200 { await loop.sleep(for: .milliseconds(1)) }
            listener.close()
        }
        #expect(ended.withLock { $0 } == 200)
    }
}
