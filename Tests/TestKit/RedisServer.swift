internal import Glibc
internal import Linux

/// A private Redis server on a port of its own and on a unix-domain socket, with nothing in it and nothing on disk unless
/// asked. It may be killed, stopped and restarted; it ends with the test, and with the test program at the latest.
public final class RedisServer: Sendable {
    /// Where it keeps its socket, its log, and its data if it is persistent.
    public let folder: String
    public let port: UInt16
    private let arguments: [String]
    private let process = Lock<ChildProcess?>(nil)

    public struct StartFailure: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - options: as on the command line: `["--requirepass", "secret"]`.
    ///   - isPersistent: whether it keeps its data over a restart.
    public init(options: [String] = [], isPersistent: Bool = false) throws {
        folder = "/tmp/gatehouse-redis-\(ProcessInfo.identifier)-\(UInt32.random(in: 0 ... .max))"
        guard mkdir(folder, 0o700) == 0 else { throw StartFailure(description: "no folder \(folder)") }
        port = try RedisServer.freePort()
        arguments =
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", "\(folder)/redis.sock", "--dir", folder,
                "--save", "", "--appendonly", isPersistent ? "yes" : "no", "--appendfsync", "always",
            ] + options
    }

    deinit { end() }

    public var socketPath: String { "\(folder)/redis.sock" }
    /// `unix:/path`.
    public var socketAddress: String { "unix:\(socketPath)" }
    /// `127.0.0.1:port`.
    public var networkAddress: String { "127.0.0.1:\(port)" }

    /// Starts the server and waits until it accepts connections.
    public func start() async throws {
        let process = try TestProcess.start(
            path: "/usr/bin/redis-server",
            arguments: arguments,
            output: "\(folder)/redis.log"
        )
        self.process.withLock { $0 = process }
        let deadline = MonotonicTime.now() + .seconds(10)
        while !isAccepting {
            guard process.endIfAny() == nil, MonotonicTime.now() < deadline else {
                let log = (try? File.contents(path: "\(folder)/redis.log", limit: 65_536)) ?? nil
                end()
                throw StartFailure(description: String(decoding: log ?? [], as: UTF8.self))
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// `kill -9`, and waits until it is gone.
    public func kill() {
        guard let process = process.withLock({ $0.take() }) else { return }
        process.send(.kill)
        // Nothing survives SIGKILL, but the kernel takes its time.
        while process.endIfAny() == nil { usleep(500) }
    }

    /// Stops it as `kill -9` does and starts it again, empty unless it is persistent.
    public func restart() async throws {
        kill()
        try await start()
    }

    /// SIGSTOP: connections stay open and new ones are accepted by the kernel, but nothing is answered.
    public func pause() { process.withLock { $0?.send(.pause) } }

    /// SIGCONT.
    public func resume() { process.withLock { $0?.send(.resume) } }

    /// Ends it and removes its files.
    public func end() {
        kill()
        for file in ["redis.sock", "redis.log", "dump.rdb"] { unlink("\(folder)/\(file)") }
        for file in ["appendonly.aof.1.base.rdb", "appendonly.aof.1.incr.aof", "appendonly.aof.manifest"] {
            unlink("\(folder)/appendonlydir/\(file)")
        }
        rmdir("\(folder)/appendonlydir")
        rmdir(folder)
    }

    private var isAccepting: Bool {
        RedisServer.isAccepting(.unix(path: socketPath))
            && SocketAddress(networkAddress).map(RedisServer.isAccepting) ?? false
    }

    private static func isAccepting(_ address: SocketAddress) -> Bool {
        guard let probe = try? FileDescriptor.streamSocket(for: address) else { return false }
        defer { probe.close() }
        do {
            // A connect to this machine is decided at once, or else is under way.
            if try probe.connect(to: address) { return true }
            return probe.pendingError == nil
        } catch {
            return false
        }
    }

    private static func freePort() throws -> UInt16 {
        guard let any = SocketAddress("127.0.0.1:0") else { preconditionFailure("a literal address") }
        let socket = try FileDescriptor.streamSocket(for: any)
        defer { socket.close() }
        try socket.bind(to: any)
        guard case .ip(_, let port) = try socket.localAddress() else { preconditionFailure("bound to an IP address") }
        return port
    }
}

/// Starts a server, runs the body and ends the server.
@discardableResult
public func withRedisServer<Value: Sendable>(
    options: [String] = [],
    isPersistent: Bool = false,
    _ body: (RedisServer) async throws -> Value
) async throws -> Value {
    let server = try RedisServer(options: options, isPersistent: isPersistent)
    defer { server.end() }
    try await server.start()
    return try await body(server)
}
