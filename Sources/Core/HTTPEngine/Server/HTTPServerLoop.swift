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
    private let onTurnedAway: @Sendable () -> Void
    /// How many connections found no room, since the start.
    private(set) var turnedAwayCount = 0
    /// Those of them that are still being told so.
    private var leavingCount = 0
    /// There is no room for more of these either: the next one is closed without a word.
    private static let mostLeaving = 64
    private(set) var isDraining = false
    private var whenEmpty: [CheckedContinuation<Void, Never>] = []

    /// After the end was announced, idle connections stay for this long: a request that was sent before its client could
    /// know is still answered.
    static let idleGrace = Duration.milliseconds(250)

    init(
        loop: EventLoop,
        limits: HTTPServerLimits,
        connectionLimit: Int,
        onTurnedAway: @escaping @Sendable () -> Void,
        responder: any HTTPResponder
    ) {
        self.loop = loop
        self.limits = limits
        self.connectionLimit = connectionLimit
        self.onTurnedAway = onTurnedAway
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
        turnedAwayCount += 1
        onTurnedAway()
        guard leavingCount < HTTPServerLoop.mostLeaving else { return stream.close() }
        leavingCount += 1
        await HTTPServerConnection(stream, server: self).turnAway()
        leavingCount -= 1
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
