internal import Linux
public import Networking

/// A client for HTTP/1.1 that keeps its connections. Lives on one loop, as everything that uses it does.
public final class HTTPClient {
    public let loop: EventLoop
    private let limits: HTTPClientLimits
    private let names: HTTPClientNames?
    private var pools: [HTTPOrigin: HTTPClientPool] = [:]

    /// Without a resolver only origins with an address can be reached.
    public init(loop: EventLoop, limits: HTTPClientLimits = HTTPClientLimits(), resolver: BlockingPool? = nil) {
        self.loop = loop
        self.limits = limits
        names = resolver.map { HTTPClientNames(loop: loop, resolver: $0) }
    }

    /// Closes the connections that rest now, and the others as soon as they are not needed any more.
    public func close() {
        loop.assertCurrent()
        for pool in pools.values { pool.close() }
    }

    /// Sends a request and answers its response, whose content may still be on its way: read it to its end, or drop it.
    ///
    /// A request is sent a second time only when that is safe: it is idempotent, its content can be sent again, and the
    /// connection had rested before and ended without a byte of an answer, as happens when the peer closes it just then.
    public func send(
        _ request: HTTPRequest,
        to origin: HTTPOrigin,
        timeout: Duration? = nil
    ) async throws(HTTPClientError) -> HTTPResponse {
        loop.assertCurrent()
        if Task.isCancelled { throw .cancelled }
        let deadline = loop.now + (timeout ?? limits.exchangeTimeout)
        let pool = pools[origin] ?? HTTPClientPool(loop: loop, limits: limits)
        pools[origin] = pool
        let connection = try await lease(pool, origin, deadline)
        let wasUsed = connection.exchangeCount > 0
        do throws(HTTPClientError) {
            return try await exchange(request, origin, connection, pool, deadline)
        } catch {
            pool.close(connection)
            let isRepeatable = if case .bytes = request.body { request.method.isIdempotent } else { false }
            guard error == .connectionLost, wasUsed, !connection.hasReceived, isRepeatable else { throw error }
        }
        // The others have rested too, and may be as dead.
        pool.closeResting()
        let fresh = try await lease(pool, origin, deadline)
        do throws(HTTPClientError) {
            return try await exchange(request, origin, fresh, pool, deadline)
        } catch {
            pool.close(fresh)
            throw error
        }
    }

    private func lease(
        _ pool: HTTPClientPool,
        _ origin: HTTPOrigin,
        _ deadline: MonotonicTime
    ) async throws(HTTPClientError) -> HTTPClientConnection {
        switch try await pool.lease(deadline: deadline) {
        case .connection(let connection): connection
        case .mayOpen: try await open(pool, origin, deadline)
        }
    }

    /// Opens a connection, which the pool has counted already.
    private func open(
        _ pool: HTTPClientPool,
        _ origin: HTTPOrigin,
        _ deadline: MonotonicTime
    ) async throws(HTTPClientError) -> HTTPClientConnection {
        do throws(HTTPClientError) {
            return HTTPClientConnection(try await connect(to: origin, deadline), limits: limits.head)
        } catch {
            pool.gaveUp()
            throw error
        }
    }

    /// Tries the addresses of a name in turn.
    private func connect(
        to origin: HTTPOrigin,
        _ deadline: MonotonicTime
    ) async throws(HTTPClientError) -> StreamSocket {
        let addresses = try await addresses(of: origin, deadline)
        let limit = min(deadline, loop.now + limits.connectTimeout)
        var failure = HTTPClientError.notConnected(.timedOut)
        for address in addresses {
            do throws(StreamError) {
                return try await StreamSocket.connect(to: address, on: loop, deadline: limit)
            } catch {
                if Task.isCancelled { throw .cancelled }
                failure = .notConnected(error)
            }
        }
        throw failure
    }

    private func addresses(
        of origin: HTTPOrigin,
        _ deadline: MonotonicTime
    ) async throws(HTTPClientError) -> [SocketAddress] {
        switch origin.location {
        case .address(let address): return [address]
        case .name(let host, let port):
            guard let names else { preconditionFailure("a client for names needs a resolver") }
            return try await names.addresses(of: host, port: port, until: deadline)
        }
    }

    private func exchange(
        _ request: HTTPRequest,
        _ origin: HTTPOrigin,
        _ connection: HTTPClientConnection,
        _ pool: HTTPClientPool,
        _ deadline: MonotonicTime
    ) async throws(HTTPClientError) -> HTTPResponse {
        connection.stream.deadline = deadline
        connection.begin()
        do {
            let head = try await connection.closingWhenCancelled {
                try await connection.exchange(request, authority: origin.authority)
            }
            return HTTPClientExchange(head, connection: connection, pool: pool).response
        } catch {
            throw Task.isCancelled ? .cancelled : HTTPClientError(error)
        }
    }
}

extension HTTPClientError {
    /// What went wrong below, in the client's terms.
    init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError: self = error
        case let error as HTTPParseError: self = .malformedResponse(error)
        case StreamError.timedOut: self = .timedOut
        default: self = .connectionLost
        }
    }
}
