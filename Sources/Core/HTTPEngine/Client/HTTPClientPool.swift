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
    private var waiting: [PlaceInLine<Lease>] = []
    private var isClosed = false

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
        let place = PlaceInLine<Lease>(loop: loop)
        waiting.append(place)
        guard let lease = await place.wait(until: deadline) else {
            waiting.removeAll { $0 === place }
            throw Task.isCancelled ? .cancelled : .timedOut
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

    /// A connection comes back after an exchange. One that has said more than its answer is not used again: the next
    /// request would take that for its own.
    func giveBack(_ connection: HTTPClientConnection) {
        connection.end()
        guard !isClosed, connection.isUsable else { return close(connection) }
        if offer(.connection(connection)) { return }
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
        if !offer(.mayOpen) { openCount -= 1 }
    }

    /// Gives a lease to the first in line who still wants one; false when nobody does.
    private func offer(_ lease: Lease) -> Bool {
        while !waiting.isEmpty {
            if waiting.removeFirst().resume(lease) { return true }
        }
        return false
    }

    func closeResting() {
        while let last = resting.popLast() { close(last.connection) }
    }

    /// Nothing rests here any more from now on.
    func close() {
        isClosed = true
        closeResting()
    }
}
