internal import Linux
internal import Networking

/// The connections of a client to one origin: those at rest, and a count of those in use.
final class HTTPClientPool {
    private struct Resting {
        let connection: HTTPClientConnection
        let since: MonotonicTime
    }

    private let loop: EventLoop
    private let limits: HTTPClientLimits
    private var resting: [Resting] = []
    private var openCount = 0
    private var waiting: [Waiting] = []

    init(loop: EventLoop, limits: HTTPClientLimits) {
        self.loop = loop
        self.limits = limits
    }

    enum Lease {
        case connection(HTTPClientConnection)
        /// A new one may be made; whoever was told so says `opened` or `gaveUp`.
        case mayOpen
    }

    /// A connection that rests, or leave to open one. Waits in line when all are in use.
    func lease(deadline: MonotonicTime) async throws(HTTPClientError) -> Lease {
        if let connection = takeResting() { return .connection(connection) }
        if openCount < limits.connectionsPerOrigin {
            openCount += 1
            return .mayOpen
        }
        guard waiting.count < limits.waitingPerOrigin else { throw .overloaded }
        let place = Waiting(loop: loop)
        waiting.append(place)
        guard let lease = await place.wait(until: deadline) else {
            waiting.removeAll { $0 === place }
            throw .timedOut
        }
        return lease
    }

    /// The most recently used one, for it is the least likely to have been closed at the other end.
    private func takeResting() -> HTTPClientConnection? {
        while let last = resting.popLast() {
            if last.since + limits.idleTimeout > loop.now, last.connection.isUsable { return last.connection }
            close(last.connection)
        }
        return nil
    }

    /// A connection comes back fit for another exchange.
    func giveBack(_ connection: HTTPClientConnection) {
        if !waiting.isEmpty { return waiting.removeFirst().resume(.connection(connection)) }
        connection.stream.deadline = .distantFuture
        resting.append(Resting(connection: connection, since: loop.now))
        closeOutdated()
    }

    private func closeOutdated() {
        while let first = resting.first, first.since + limits.idleTimeout <= loop.now {
            resting.removeFirst()
            close(first.connection)
        }
    }

    /// A connection is of no more use.
    func close(_ connection: HTTPClientConnection) {
        connection.stream.close()
        gaveUp()
    }

    /// The place of a connection is free again.
    func gaveUp() {
        openCount -= 1
        guard !waiting.isEmpty else { return }
        openCount += 1
        waiting.removeFirst().resume(.mayOpen)
    }

    func closeAll() {
        while let last = resting.popLast() { close(last.connection) }
    }

    /// One place in the line for a connection.
    private final class Waiting {
        private let timer: Timer
        private var continuation: CheckedContinuation<Void, Never>?
        private var lease: Lease?

        init(loop: EventLoop) { timer = Timer(loop: loop) }

        /// Nil when the deadline came first.
        func wait(until deadline: MonotonicTime) async -> Lease? {
            await withCheckedContinuation { continuation in
                self.continuation = continuation
                timer.action = { [self] in resume(nil) }
                timer.move(to: deadline)
            }
            return lease
        }

        func resume(_ lease: Lease?) {
            timer.cancel()
            self.lease = lease
            continuation?.resume()
            continuation = nil
        }
    }
}
