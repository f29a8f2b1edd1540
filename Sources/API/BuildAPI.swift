internal import Contract
public import HTTPEngine
public import Hosting

/// The routes of the API with who may call each, as `routes` lists them.
public func apiRoutes() throws -> [(route: Route, note: String)] {
    let operations = served().map(\.operation)
    return zip(try makeRouter().routes, operations).map { ($0, $1.caller.rawValue) }
}

/// Puts the API together, once for each loop. The only place that constructs its parts.
public func buildAPI(configuration: APIConfiguration, on loop: Host.Loop) throws -> any HTTPResponder {
    let origins = CrossOriginPolicy<HTTPExchange>.Origins(
        listed: Set(configuration.origins.listed),
        allowsAny: configuration.origins.allowsAny
    )
    return loop.application(
        try makeRouter(),
        settings: configuration.host,
        contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
        quietPatterns: [Operation.health.path],
        outer: [CrossOriginPolicy(origins)],
        errors: APIErrorResponder(),
        makeContext: { $0 }
    )
}

private func makeRouter() throws -> Router<HTTPExchange> {
    var router = Router<HTTPExchange>()
    for (operation, handler) in served() { try router.on(operation.method, operation.path, handler: handler) }
    return router
}

/// Every operation that is served, with what serves it.
private func served() -> [(operation: Operation, handler: Handler<HTTPExchange>)] {
    let health = HealthHandlers()
    return [(.health, health.health)]
}
