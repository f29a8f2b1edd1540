public import HTTPEngine

extension Host.Loop {
    /// An application behind what every program of ours has around its routes: request ids, the access log, security
    /// headers, one shape for errors and a limit for content.
    ///
    /// `contentSecurityPolicy` is the program's own policy, which the settings may replace.
    ///
    /// `outer` stands where errors have become responses already, `inner` where they have not.
    public func application<Context: RequestContext>(
        _ router: Router<Context>,
        settings: HostSettings,
        contentSecurityPolicy: String,
        quietPatterns: Set<String> = [],
        outer: [any Middleware<Context>] = [],
        inner: [any Middleware<Context>] = [],
        errors: any ErrorResponder,
        makeContext: @escaping (HTTPExchange) -> Context
    ) -> Application<Context> {
        let policy = SecurityHeaders<Context>.Policy(
            contentSecurityPolicy: settings.contentSecurityPolicy ?? contentSecurityPolicy,
            strictTransportSecurity: settings.strictTransportSecurity
        )
        let boundary: [any Middleware<Context>] = [ErrorBoundary(errors), BodyLimit(settings.bodyLimit)]
        return Application(
            router,
            outermost: [
                RequestIDField(),
                AccessLog(quietPatterns: quietPatterns, metrics: metrics),
                SecurityHeaders(policy),
            ],
            middleware: outer + boundary + inner,
            errors: errors,
            settings: .init(trustedProxies: settings.trustedProxies, logger: logger),
            makeContext: makeContext
        )
    }
}
