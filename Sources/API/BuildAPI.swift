internal import Contract
public import HTTPEngine
internal import Hosting

/// The routes of the API with who may call each, as `routes` lists them.
public func apiRoutes() -> [(route: Route, note: String)] {
    let operations = Operation.all
    let routes = operations.enumerated().map { Route(method: $1.method, pattern: $1.path, index: $0) }
    return zip(routes, operations).map { ($0, $1.caller.rawValue) }
}

/// Puts the API together, once for each loop. The only place that constructs its parts.
func buildAPI(
    configuration: APIConfiguration,
    stores: State.Stores,
    on loop: Host.Loop
) throws -> any HTTPResponder {
    let origins = CrossOriginPolicy<HTTPExchange>.Origins(
        listed: Set(configuration.origins.listed),
        allowsAny: configuration.origins.allowsAny
    )
    return loop.application(
        try makeRouter(stores),
        settings: configuration.host,
        contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
        quietPatterns: [Operation.health.path, Operation.readiness.path],
        outer: [CrossOriginPolicy(origins)],
        errors: APIErrorResponder(),
        makeContext: { $0 }
    )
}

private func makeRouter(_ stores: State.Stores) throws -> Router<HTTPExchange> {
    var router = Router<HTTPExchange>()
    let served = served(stores)
    precondition(
        served.map(\.operation.path) == Operation.all.map(\.path),
        "what is served is not what the contract lists"
    )
    for (operation, handler) in served { try router.on(operation.method, operation.path, handler: handler) }
    return router
}

/// Every operation of the contract, in its order, with what serves it.
private func served(_ stores: State.Stores) -> [(operation: Operation, handler: Handler<HTTPExchange>)] {
    [
        (.health, HealthHandlers().health),
        (.readiness, ReadinessHandlers(stores: stores).readiness),
    ]
}
