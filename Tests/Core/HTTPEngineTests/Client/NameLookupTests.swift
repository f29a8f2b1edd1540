import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// Names that take long to look up: the only thread that could is held.
@Suite(.timeLimit(.minutes(1))) struct NameLookupTests {
    /// Runs the body with a client whose look-ups wait until `release` is called, and an origin with a name.
    private static func withSlowNames(
        _ body: @escaping @Sendable (HTTPClient, HTTPOrigin, _ release: () -> Void) async throws -> Void
    ) async throws {
        let resolver = try BlockingPool(name: "names", threads: 1, queueLimit: 1)
        let (isHeld, isReleased) = (Monitor(false), Monitor(false))
        defer {
            isReleased.update { $0 = true }
            resolver.close()
        }
        try await withServer(answering: { _ in .text("ok") }) { server, loop in
            guard case .ip(_, let port) = server.addresses[0] else { preconditionFailure("a port was asked for") }
            let origin = try #require(HTTPOrigin("http://localhost:\(port)"))
            loop.spawn {
                try? await resolver.run {
                    isHeld.update { $0 = true }
                    isReleased.wait { $0 ? () : nil }
                }
            }
            try await loop.wait(for: "the thread") { isHeld.update { $0 } }
            let client = HTTPClient(loop: loop, limits: HTTPClientLimits(connections: 8), resolver: resolver)
            try await body(client, origin) { isReleased.update { $0 = true } }
            client.close()
        }
    }

    private static func fetching(
        _ client: HTTPClient,
        _ origin: HTTPOrigin,
        timeout: Duration = .seconds(30)
    ) -> Task<Result<String, HTTPClientError>, Never> {
        let confined = LoopBound(client, on: client.loop)
        return client.loop.spawn {
            let request = HTTPRequest(method: .get, target: "/")
            do {
                let response = try await confined.value.send(request, to: origin, timeout: timeout)
                return .success(try await TestResponse(response).text)
            } catch {
                return .failure(error as? HTTPClientError ?? .connectionLost)
            }
        }
    }

    @Test func `a look-up takes no longer than the exchange may`() async throws {
        try await NameLookupTests.withSlowNames { client, origin, release in
            for _ in 0..<20 {
                let outcome = await NameLookupTests.fetching(client, origin, timeout: .milliseconds(2)).value
                #expect(outcome == .failure(.notConnected(.timedOut)))
            }
            release()
            // What gave up has left nothing behind: neither places for connections nor look-ups in the queue.
            #expect(await NameLookupTests.fetching(client, origin).value == .success("ok"))
        }
    }

    @Test func `a request that is cancelled does not wait for its look-up`() async throws {
        try await NameLookupTests.withSlowNames { client, origin, release in
            for _ in 0..<20 {
                let task = NameLookupTests.fetching(client, origin)
                await Task.yield()
                task.cancel()
                #expect(await task.value == .failure(.cancelled))
            }
            release()
            #expect(await NameLookupTests.fetching(client, origin).value == .success("ok"))
        }
    }

    @Test func `all who ask for a name share one look-up`() async throws {
        try await NameLookupTests.withSlowNames { client, origin, release in
            let tasks = (0..<5).map { _ in NameLookupTests.fetching(client, origin) }
            await Task.yield()
            release()
            // There is room for one in the queue.
            for task in tasks { #expect(await task.value == .success("ok")) }
        }
    }
}
