import HTTPEngine
import Linux
import Networking
import TestKit

extension HTTPClient {
    /// The whole answer to a request without content.
    func fetch(
        _ target: String,
        from address: SocketAddress,
        method: HTTPMethod = .get,
        timeout: Duration? = nil
    ) async throws -> TestResponse {
        try await exchange(HTTPRequest(method: method, target: target), with: address, timeout: timeout)
    }

    /// The whole answer to any request.
    func exchange(
        _ request: HTTPRequest,
        with address: SocketAddress,
        timeout: Duration? = nil
    ) async throws -> TestResponse {
        try await TestResponse(try await send(request, to: HTTPOrigin(address), timeout: timeout))
    }

    /// The same as a task of its own.
    func fetching(
        _ target: String,
        from address: SocketAddress,
        timeout: Duration? = nil
    ) -> Task<Result<Fetched, HTTPClientError>, Never> {
        let confined = LoopBound(self, on: loop)
        return confined.loop.spawn {
            do {
                let response = try await confined.value.fetch(target, from: address, timeout: timeout)
                return .success(Fetched(status: response.status, text: response.text))
            } catch {
                return .failure(error as? HTTPClientError ?? .connectionLost)
            }
        }
    }
}

struct Fetched: Equatable, Sendable {
    let status: HTTPStatus
    let text: String
}

extension HTTPClientLimits {
    init(
        connections: Int = 64,
        waiting: Int = 1_024,
        idle: Duration = .seconds(30),
        connect: Duration = .seconds(2)
    ) {
        self.init()
        connectionsPerOrigin = connections
        waitingPerOrigin = waiting
        idleTimeout = idle
        connectTimeout = connect
    }
}
