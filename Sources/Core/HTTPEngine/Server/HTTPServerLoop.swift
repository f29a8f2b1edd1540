internal import Linux
internal import Networking

/// The part of a server that lives on one loop: its responder and its connections.
final class HTTPServerLoop {
    let limits: HTTPServerLimits
    let responder: any HTTPResponder
    let date: HTTPDateClock
    private let loop: EventLoop
    private let connectionLimit: Int
    private var connections: [ObjectIdentifier: HTTPServerConnection] = [:]
    private(set) var isDraining = false
    private var whenEmpty: [CheckedContinuation<Void, Never>] = []

    /// After the end was announced, idle connections stay for this long: a request that was sent before its client could
    /// know is still answered.
    static let idleGrace = Duration.milliseconds(250)

    init(loop: EventLoop, limits: HTTPServerLimits, connectionLimit: Int, responder: any HTTPResponder) {
        self.loop = loop
        self.limits = limits
        self.connectionLimit = connectionLimit
        self.responder = responder
        date = HTTPDateClock(loop: loop)
    }

    /// Serves an accepted connection until it ends.
    func serve(_ descriptor: FileDescriptor, peer: SocketAddress) async {
        defer { Listener.connectionEnded(on: loop) }
        guard let stream = try? StreamSocket(descriptor, peer: peer, on: loop) else { return }
        guard connections.count < connectionLimit else { return await turnAway(stream) }
        let connection = HTTPServerConnection(stream, server: self)
        connections[ObjectIdentifier(connection)] = connection
        await connection.run()
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { resumeWaiting() }
    }

    private func turnAway(_ stream: StreamSocket) async {
        defer { stream.close() }
        stream.write {
            $0.append(
                literal:
                    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        }
        // An answer this short fits into any socket's buffer; who does not get it sees a closed connection.
        _ = try? stream.flushNow()
        stream.endWriting()
        await stream.discardInput(until: loop.now + .milliseconds(500), limit: 65_536)
    }

    var connectionCount: Int { connections.count }

    /// Takes no further request from any connection, and waits until the last one has its answer.
    func drain() async {
        isDraining = true
        for connection in connections.values { connection.drain(idleGrace: HTTPServerLoop.idleGrace) }
        if connections.isEmpty { return }
        await withCheckedContinuation { continuation in
            if connections.isEmpty { continuation.resume() } else { whenEmpty.append(continuation) }
        }
    }

    /// Ends what is left.
    func abort() {
        for connection in connections.values { connection.abort() }
        resumeWaiting()
    }

    private func resumeWaiting() {
        for continuation in whenEmpty { continuation.resume() }
        whenEmpty = []
    }
}
