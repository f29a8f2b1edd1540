public import Linux
public import Networking

/// A server that says what a test wrote down, byte for byte, and keeps what it was asked. For what no HTTP server sends.
///
/// Lives on the loop of the client that it is for.
public final class RawServer {
    /// Serves one connection; they are numbered from 0. When it returns, or throws, the connection is closed.
    public typealias Script = @Sendable (_ connection: RawConnection, _ number: Int) async throws -> Void

    public fileprivate(set) var address: SocketAddress
    /// How many connections there were, and how many of them have not ended.
    public private(set) var acceptedCount = 0
    public private(set) var openCount = 0
    private var connections: [RawConnection] = []

    fileprivate init(_ address: SocketAddress) { self.address = address }

    fileprivate func serve(
        _ descriptor: FileDescriptor,
        _ peer: SocketAddress,
        on loop: EventLoop,
        _ script: Script
    ) async {
        guard let connection = try? RawConnection(accepted: descriptor, from: peer, on: loop) else { return }
        let number = acceptedCount
        acceptedCount += 1
        openCount += 1
        connections.append(connection)
        try? await script(connection, number)
        connection.close()
        openCount -= 1
        Listener.connectionEnded(on: loop)
    }

    fileprivate func closeAll() {
        for connection in connections { connection.close() }
    }
}

/// Starts a server with a script, on a free port unless told otherwise, and runs the body on its loop.
@discardableResult
public func withRawServer<Value: Sendable>(
    at address: SocketAddress? = nil,
    script: @escaping RawServer.Script,
    _ body: @escaping @Sendable (RawServer, EventLoop) async throws -> Value
) async throws -> Value {
    guard let address = address ?? SocketAddress("127.0.0.1:0") else { preconditionFailure("a literal address") }
    return try await withLoops(1) { group in
        let loop = group.loops[0]
        let server = RawServer(address)
        let confined = LoopBound(server, on: loop)
        let listener = try Listener.open(at: address, on: loop, of: group) { loop, descriptor, peer in
            loop.spawn { await confined.value.serve(descriptor, peer, on: loop, script) }
        }
        server.address = listener.address
        defer {
            listener.close()
            server.closeAll()
        }
        return try await body(server, loop)
    }
}

extension RawConnection {
    /// The head of the next request, without its empty line; nil when the client has ended the connection.
    public func nextHead() async throws -> String? {
        try await take(through: "\r\n\r\n").map { String($0.dropLast()) }
    }

    /// Answers each request with the same bytes until the client leaves.
    public func answerAll(with answer: String) async throws {
        while try await nextHead() != nil { try await send(answer) }
    }
}
