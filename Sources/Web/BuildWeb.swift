public import HTTPEngine
public import Hosting

/// The routes of the web front end, as `routes` lists them.
public func webRoutes() throws -> [Route] { try makeRouter().routes }

/// Puts the web front end together, once for each loop. The only place that constructs its parts.
public func buildWeb(configuration: WebConfiguration, on loop: Host.Loop) throws -> any HTTPResponder {
    loop.application(
        try makeRouter(),
        settings: configuration.host,
        contentSecurityPolicy: "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'",
        errors: WebErrorResponder(),
        makeContext: { $0 }
    )
}

private func makeRouter() throws -> Router<HTTPExchange> {
    var router = Router<HTTPExchange>()
    let home = HomePage()
    try router.on(.get, "/", handler: home.show)
    return router
}
