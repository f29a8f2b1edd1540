public import HTTPEngine
internal import Linux
public import Networking

/// A responder made of one function, for tests of the engine below the router.
public final class FunctionResponder: HTTPResponder {
    private let function: (HTTPRequest) async throws -> HTTPResponse

    public init(_ function: @escaping (HTTPRequest) async throws -> HTTPResponse) { self.function = function }

    public func respond(to request: HTTPRequest, on connection: HTTPConnectionInfo) async -> HTTPResponse {
        do {
            return try await function(request)
        } catch let error as HTTPParseError {
            return .text(error.reason, status: error.status)
        } catch HTTPBodyError.tooLarge {
            return .text("too large", status: .contentTooLarge)
        } catch {
            return .text("\(error)", status: .internalServerError)
        }
    }

    public func refuse(_ error: HTTPParseError, on connection: HTTPConnectionInfo) async -> HTTPResponse {
        .text(error.reason, status: error.status)
    }
}

/// Starts a server on a free port, runs the body on the first loop, and stops the server.
@discardableResult
public func withServer<Value: Sendable>(
    loops: Int = 1,
    limits: HTTPServerLimits = HTTPServerLimits(),
    responder: @escaping @Sendable (EventLoop) -> any HTTPResponder,
    _ body: @escaping @Sendable (HTTPServer, EventLoop) async throws -> Value
) async throws -> Value {
    guard let address = SocketAddress("127.0.0.1:0") else { preconditionFailure("a literal address") }
    return try await withLoops(loops) { group in
        let server = try await HTTPServer.start(at: [address], on: group, limits: limits, makeResponder: responder)
        do {
            let value = try await body(server, group.loops[0])
            await server.stop(within: .seconds(2))
            return value
        } catch {
            await server.stop(within: .zero)
            throw error
        }
    }
}

/// The same for a server that is one function.
@discardableResult
public func withServer<Value: Sendable>(
    loops: Int = 1,
    limits: HTTPServerLimits = HTTPServerLimits(),
    answering function: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse,
    _ body: @escaping @Sendable (HTTPServer, EventLoop) async throws -> Value
) async throws -> Value {
    try await withServer(loops: loops, limits: limits, responder: { _ in FunctionResponder(function) }, body)
}
