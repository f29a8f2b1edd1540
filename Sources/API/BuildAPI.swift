internal import Contract
public import HTTPEngine
public import Hosting

/// The routes of the API with who may call each, as `routes` lists them.
public func apiRoutes() throws -> [(route: Route, note: String)] {
    let operations = [Operation.health]
    let router = try makeRouter()
    return zip(router.routes, operations).map { ($0, $1.caller.rawValue) }
}

/// Puts the API together, once for each loop. The only place that constructs its parts.
public func buildAPI(configuration: APIConfiguration, on loop: Host.Loop) throws -> any HTTPResponder {
    let errors = APIErrorResponder()
    let middleware: [any Middleware<HTTPExchange>] = [
        RequestIDField(),
        AccessLog(quietPatterns: [Operation.health.path], metrics: loop.metrics),
        SecurityHeaders(
            .init(
                contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
                strictTransportSecurity: configuration.host.strictTransportSecurity
            )
        ),
        CrossOriginPolicy(
            .init(listed: Set(configuration.origins.listed), allowsAny: configuration.origins.allowsAny)
        ),
        ErrorBoundary(errors),
        BodyLimit(configuration.host.bodyLimit),
    ]
    return Application(
        try makeRouter(),
        middleware: middleware,
        errors: errors,
        settings: .init(trustedProxies: configuration.host.trustedProxies, logger: loop.logger),
        makeContext: { $0 }
    )
}

private func makeRouter() throws -> Router<HTTPExchange> {
    var router = Router<HTTPExchange>()
    let health = HealthHandlers()
    try router.on(Operation.health.method, Operation.health.path, handler: health.health)
    return router
}
