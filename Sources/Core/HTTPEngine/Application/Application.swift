internal import Linux
public import Operations

/// Turns errors into responses: one in each program, so that every failure looks the same.
public protocol ErrorResponder {
    /// An error that it does not know becomes a 500 that tells nothing, and one line in the log that tells all.
    func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse
}

/// A router in its middlewares, ready to serve. One for each loop.
public final class Application<Context: RequestContext>: HTTPResponder {
    public struct Settings {
        public var trustedProxies: TrustedProxies
        public var logger: Logger

        public init(trustedProxies: TrustedProxies, logger: Logger) {
            self.trustedProxies = trustedProxies
            self.logger = logger
        }
    }

    private typealias Ending = Result<HTTPResponse, any Error>

    private let settings: Settings
    /// For answers that are counted and not logged.
    private let quietLogger: Logger
    private let trie: RouteTrie<Int>
    private let routes: [Route]
    private let handlers: [Handler<Context>]
    private let errors: any ErrorResponder
    private let makeContext: (HTTPExchange) -> Context
    /// The middlewares around a handler that ends as the look-up said: 404, 405, or a request that was none.
    private let end: (Ending) -> Handler<Context>
    /// Only the outermost middlewares, which ask nobody.
    private let endAtTheDoor: (HTTPResponse) -> Handler<Context>
    private var identifiers = RequestIDSource()

    /// The middlewares go around every route, the first one outermost, and around the answers to requests that have no
    /// route: what must be on every answer is put there by them. Those of `outermost` go around all others, and around what
    /// a connection is told for which there is no room: they ask nobody, as this is when nobody has time.
    public init(
        _ router: Router<Context>,
        outermost: [any Middleware<Context>] = [],
        middleware: [any Middleware<Context>],
        errors: any ErrorResponder,
        settings: Settings,
        makeContext: @escaping (HTTPExchange) -> Context
    ) {
        self.settings = settings
        quietLogger = settings.logger.with(minimumLevel: .critical)
        self.errors = errors
        self.makeContext = makeContext
        trie = router.trie
        routes = router.routes
        let all = outermost + middleware
        handlers = router.handlers.map { compose(all, around: $0) }
        end = { ending in compose(all, around: { _, _ in try ending.get() }) }
        endAtTheDoor = { response in compose(outermost, around: { _, _ in response }) }
    }

    public func respond(to request: HTTPRequest, on connection: HTTPConnectionInfo) async -> HTTPResponse {
        switch trie.lookup(request.method, request.path) {
        case .found(let index, let parameters):
            let exchange = makeExchange(request, connection, routes[index], parameters)
            return await answer(request, exchange, handlers[index])
        case .methodNotAllowed(let methods):
            return await respond(to: request, on: connection, allowing: methods)
        case .notFound:
            return await end(request, connection, .failure(HTTPError(.notFound, "there is nothing at this address")))
        case .malformed where request.target == "*":
            return await respond(to: request, on: connection, allowing: HTTPMethod.known)
        case .malformed:
            return await end(request, connection, .failure(HTTPError(.badRequest, "the path is malformed")))
        }
    }

    public func refuse(_ error: HTTPParseError, on connection: HTTPConnectionInfo) async -> HTTPResponse {
        // There is no request; the log shows dashes where it would be.
        await end(HTTPRequest(method: .other("-"), target: "-"), connection, .failure(error))
    }

    public func turnAway(on connection: HTTPConnectionInfo) async -> HTTPResponse {
        let error = HTTPError(.serviceUnavailable, "too many connections", fields: [.retryAfter: "1"])
        // Counted, but not logged: a flood of connections must not become one of lines. The server says it now and then.
        let request = HTTPRequest(method: .other("-"), target: "-")
        let exchange = makeExchange(request, connection, nil, PathParameters(), logger: quietLogger)
        return await answer(request, exchange, endAtTheDoor(errors.respond(to: error, for: exchange)))
    }

    private func respond(
        to request: HTTPRequest,
        on connection: HTTPConnectionInfo,
        allowing methods: [HTTPMethod]
    ) async -> HTTPResponse {
        let allowed: HTTPFields = [.allow: methods.map(\.name).joined(separator: ", ")]
        guard request.method == .options else {
            let error = HTTPError(.methodNotAllowed, "this address does not take \(request.method)", fields: allowed)
            return await end(request, connection, .failure(error))
        }
        return await end(request, connection, .success(HTTPResponse(status: .noContent, fields: allowed)))
    }

    private func end(
        _ request: HTTPRequest,
        _ connection: HTTPConnectionInfo,
        _ ending: Ending
    ) async -> HTTPResponse {
        let exchange = makeExchange(request, connection, nil, PathParameters())
        return await answer(request, exchange, end(ending))
    }

    private func answer(
        _ request: HTTPRequest,
        _ exchange: HTTPExchange,
        _ handler: Handler<Context>
    ) async -> HTTPResponse {
        do {
            return try await handler(request, makeContext(exchange))
        } catch {
            return errors.respond(to: error, for: exchange)
        }
    }

    private func makeExchange(
        _ request: HTTPRequest,
        _ connection: HTTPConnectionInfo,
        _ route: Route?,
        _ parameters: PathParameters,
        logger: Logger? = nil
    ) -> HTTPExchange {
        let proxies = settings.trustedProxies
        let isTrusted = proxies.isTrusted(connection.peer)
        let given = isTrusted ? request.fields[.xRequestID].flatMap(RequestIDSource.accepted) : nil
        return HTTPExchange(
            connection: connection,
            route: route,
            parameters: parameters,
            clientAddress: isTrusted
                ? proxies.clientAddress(peer: connection.peer, forwardedFor: request.fields.values(.xForwardedFor))
                : connection.peer.ipAddress,
            isFromTrustedProxy: isTrusted,
            isSecure: isTrusted
                && proxies.scheme(peer: connection.peer, forwardedProto: request.fields.values(.xForwardedProto))
                    == .https,
            requestID: given ?? identifiers.next(),
            logger: logger ?? settings.logger
        )
    }
}
