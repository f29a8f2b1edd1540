public import HTTPEngine
internal import Hosting
internal import Linux

/// The routes of the web front end with who may see each, as `routes` lists them.
public func webRoutes() -> [(route: Route, note: String)] {
    WebRoutes(assets: { _, _ in HTTPResponse() }).all.enumerated().map { index, entry in
        let route = Route(method: entry.method, pattern: entry.path, index: index)
        return (route, entry.visitor?.rawValue ?? "")
    }
}

/// Puts the web front end together, once for each loop. The only place that constructs its parts.
func buildWeb(
    configuration: WebConfiguration,
    state: WebState.Stores,
    pages: Pages,
    on loop: Host.Loop,
    now: @escaping @Sendable () -> WallTime = WallTime.now
) throws -> any HTTPResponder {
    let parts = makeParts(configuration, state, pages, on: loop, now: now)
    let errors = WebErrorResponder(pages: pages, now: now)
    let assets = try AssetHandlers(folder: pages.staticFolder)
    var router = Router<WebExchange>()
    for entry in WebRoutes(assets: assets.show).all {
        let gate = entry.visitor.map { [PageGate(visitor: $0)] } ?? []
        try router.on(entry.method, entry.path, middleware: gate, handler: entry.handler)
    }
    return loop.application(
        router,
        settings: configuration.host,
        contentSecurityPolicy: "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'",
        quietPatterns: ["/health", "/health/ready"],
        outer: [VisitMiddleware()],
        inner: [ErrorPages(errors: errors)],
        errors: errors,
        makeContext: { WebExchange($0, parts) }
    )
}

private func makeParts(
    _ configuration: WebConfiguration,
    _ state: WebState.Stores,
    _ pages: Pages,
    on loop: Host.Loop,
    now: @escaping @Sendable () -> WallTime
) -> WebParts {
    let store = SessionStore(state.ephemeral)
    let api = APIClient(client: state.client, origin: configuration.api, timeout: configuration.apiTimeout)
    let life = configuration.sessionLife
    let renewal = SessionRenewal(store: store, api: api, life: life, on: loop.loop, now: now)
    return WebParts(
        api: api,
        sessions: Sessions(store: store, renewal: renewal, api: api, life: life, now: now),
        pages: pages,
        formOrigin: FormOrigin(publicOrigin: configuration.publicOrigin?.text),
        cookies: CookieSettings(
            security: configuration.cookieSecurity,
            isPublicSecure: configuration.publicOrigin?.isSecure ?? false
        ),
        offersSignUp: configuration.offersSignUp,
        now: now
    )
}
