public import HTTPEngine
internal import Linux
public import Networking

/// How far the requests of a test go: to the responder itself, or to a server on a socket in front of it.
public enum TestDepth: CaseIterable, Sendable {
    case inProcess
    case socket
}

/// Sends requests to what is tested. A test's body does not know at which depth.
///
/// Belongs to a loop, as everything that uses it does.
public final class TestClient {
    public let loop: EventLoop
    private let exchange: (HTTPRequest) async throws -> HTTPResponse

    fileprivate init(loop: EventLoop, exchange: @escaping (HTTPRequest) async throws -> HTTPResponse) {
        self.loop = loop
        self.exchange = exchange
    }

    public func send(_ request: HTTPRequest) async throws -> TestResponse {
        try await TestResponse(try await exchange(request))
    }

    public func send(
        _ method: HTTPMethod,
        _ target: String,
        _ fields: HTTPFields = [:],
        body: HTTPBody = .empty
    ) async throws -> TestResponse {
        try await send(HTTPRequest(method: method, target: target, fields: fields, body: body))
    }

    public func get(_ target: String, _ fields: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, target, fields)
    }
}

/// Runs a test with a client of the responder, which is made on the loop of the test. To the responder the client is
/// 127.0.0.1 at either depth.
@discardableResult
public func withTestClient<Value: Sendable>(
    _ depth: TestDepth,
    of makeResponder: @escaping @Sendable (EventLoop) throws -> any HTTPResponder,
    _ body: @escaping @Sendable (TestClient) async throws -> Value
) async throws -> Value {
    try await withLoops(1) { try await withTestClient(depth, on: $0, of: makeResponder, body) }
}

/// The same where there are loops already; the client belongs to the first one.
public func withTestClient<Value: Sendable>(
    _ depth: TestDepth,
    on group: EventLoopGroup,
    of makeResponder: @escaping @Sendable (EventLoop) throws -> any HTTPResponder,
    _ body: @escaping @Sendable (TestClient) async throws -> Value
) async throws -> Value {
    let loop = group.loops[0]
    guard depth == .socket else {
        let responder = try makeResponder(loop)
        return try await body(TestClient(loop: loop) { try await respond(to: $0, by: responder, on: loop) })
    }
    let server = try await HTTPServer.start(at: [anyPort], on: group, makeResponder: makeResponder)
    let client = HTTPClient(loop: loop)
    let origin = HTTPOrigin(server.addresses[0])
    let outcome: Result<Value, any Error>
    do {
        outcome = .success(try await body(TestClient(loop: loop) { try await client.send($0, to: origin) }))
    } catch {
        outcome = .failure(error)
    }
    client.close()
    await server.stop(within: .seconds(2))
    return try outcome.get()
}

/// Hands a request over the way a server would, and takes the answer the way a client would.
private func respond(
    to request: HTTPRequest,
    by responder: any HTTPResponder,
    on loop: EventLoop
) async throws -> HTTPResponse {
    var request = request
    if !request.fields.contains(.host) { request.fields.append(.host, "127.0.0.1") }
    if case .bytes(let bytes) = request.body, !bytes.isEmpty {
        var rest: [UInt8]? = bytes
        request.body = .stream(
            HTTPBodyStream(length: bytes.count) {
                defer { rest = nil }
                return rest
            }
        )
    }
    var response = await responder.respond(to: request, on: HTTPConnectionInfo(loop: loop, peer: anyPort))
    if request.method == .head || response.status.forbidsContent { response.body = .empty }
    return response
}

private var anyPort: SocketAddress {
    guard let address = SocketAddress("127.0.0.1:0") else { preconditionFailure("a literal address") }
    return address
}
