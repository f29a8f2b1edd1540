import Linux
import Networking
import Redis
import TestKit

/// Runs a test with one connection on a loop of its own.
func withRedis(
    _ address: String,
    _ change: (inout RedisSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (RedisConnection) async throws -> Void
) async throws {
    var settings = RedisSettings(address: try RedisAddress(address))
    // On a slow machine even a server that is well needs more than the default until it is greeted.
    settings.patience = .seconds(5)
    change(&settings)
    let fixed = settings
    try await withLoop { loop in
        let redis = RedisConnection.open(fixed, on: loop)
        do {
            try await body(redis)
        } catch {
            await redis.close()
            throw error
        }
        await redis.close()
    }
}

/// Something that listens where a Redis server should: it takes the greeting as a real one does, and then answers what a
/// function makes of each piece it reads. Nil ends the connection.
final class FakeServer: Sendable {
    let address: RedisAddress
    let received = Lock<[[UInt8]]>([])
    let connections = Lock(0)

    init(address: RedisAddress) { self.address = address }

    /// What CLIENT SETNAME, INFO and PING are answered.
    static let greeting = Array("+OK\r\n$0\r\n\r\n+PONG\r\n".utf8)

    func serve(_ stream: StreamSocket, _ answer: ([UInt8]) -> [UInt8]?) async {
        connections.withLock { $0 += 1 }
        defer { stream.close() }
        var hasGreeted = false
        while let bytes = try? await stream.receive({ bytes in bytes.withUnsafeBufferPointer { Array($0) } }),
            !bytes.isEmpty
        {
            if hasGreeted { received.withLock { $0.append(bytes) } }
            guard let reply = hasGreeted ? answer(bytes) : FakeServer.greeting else { return }
            hasGreeted = true
            stream.write(reply)
            guard (try? await stream.flush()) != nil else { return }
        }
    }
}

/// Runs a test with a fake server; the server lives on a loop of its own.
func withFakeServer(
    answering answer: @escaping @Sendable ([UInt8]) -> [UInt8]?,
    _ body: @escaping @Sendable (FakeServer, EventLoop) async throws -> Void
) async throws {
    guard let any = SocketAddress("127.0.0.1:0") else { preconditionFailure("a literal address") }
    try await withLoops(2) { group in
        let theirs = group.loops[1]
        let holder = Lock<FakeServer?>(nil)
        let listener = try await theirs.run {
            let listener = try Listener.open(at: any, on: theirs, of: group) { loop, descriptor, peer in
                loop.spawn {
                    defer { Listener.connectionEnded(on: loop) }
                    guard let stream = try? StreamSocket(descriptor, peer: peer, on: loop) else { return }
                    await holder.withLock { $0 }?.serve(stream, answer)
                }
            }
            return LoopBound(listener, on: theirs)
        }
        let address = try await theirs.run { listener.value.address }
        let fake = FakeServer(address: try RedisAddress("redis://\(address)"))
        holder.withLock { $0 = fake }
        do {
            try await body(fake, group.loops[0])
        } catch {
            await theirs.spawn { listener.value.close() }.value
            throw error
        }
        await theirs.spawn { listener.value.close() }.value
    }
}
