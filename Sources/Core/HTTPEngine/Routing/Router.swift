/// Answers one request. Runs on the loop of the request, and is made once for each loop.
public typealias Handler<Context> = (HTTPRequest, Context) async throws -> HTTPResponse

/// The routes of an application while it is being put together.
public struct Router<Context: RequestContext> {
    /// Finds the place of a route in `routes` and `handlers`.
    private(set) var trie = RouteTrie<Int>()
    private(set) var handlers: [Handler<Context>] = []
    /// Every route, in the order in which they were added.
    public private(set) var routes: [Route] = []

    public init() {}

    /// Adds a route. Patterns are written `/users/{id}`; a clash with another route is an error of the program that the
    /// boot reports.
    public mutating func on(
        _ method: HTTPMethod,
        _ pattern: String,
        middleware: [any Middleware<Context>] = [],
        handler: @escaping Handler<Context>
    ) throws {
        try trie.insert(method, try PathPattern(pattern), routes.count)
        routes.append(Route(method: method, pattern: pattern, index: routes.count))
        handlers.append(compose(middleware, around: handler))
    }
}

/// A route as listings, logs and metrics name it.
public struct Route: Hashable, Sendable {
    public let method: HTTPMethod
    public let pattern: String
    /// Its place in the listing: what per-route arrays are indexed by.
    public let index: Int

    public init(method: HTTPMethod, pattern: String, index: Int) {
        self.method = method
        self.pattern = pattern
        self.index = index
    }
}
