internal import Contract
internal import Database
public import HTTPEngine
internal import Hosting
internal import Linux
internal import Networking
internal import Operations
internal import Passwords

/// The routes of the API with who may call each, as `routes` lists them.
public func apiRoutes() -> [(route: Route, note: String)] {
    servedRoutes().enumerated().map { index, served in
        let route = Route(method: served.operation.method, pattern: served.path, index: index)
        return (route, served.operation.caller.rawValue)
    }
}

/// Every path of every operation, in the order of the contract.
private func servedRoutes() -> [(operation: Contract.Operation, path: String)] {
    Operation.all.flatMap { operation in operation.paths.map { (operation, $0) } }
}

/// What a loop has for the API beside its stores.
struct APIParts {
    let stores: State.Stores
    let tokens: TokenParts
    let hasher: PasswordHasher
    var now: @Sendable () -> WallTime = WallTime.now
}

/// Puts the API together, once for each loop. The only place that constructs its parts.
func buildAPI(
    configuration: APIConfiguration,
    parts: APIParts,
    on loop: Host.Loop
) throws -> any HTTPResponder {
    let origins = CrossOriginPolicy<APIExchange>.Origins(
        listed: Set(configuration.origins.listed),
        allowsAny: configuration.origins.allowsAny
    )
    let limits = RequestLimits(configuration.limits, limiter: parts.stores.limiter, on: loop.loop, wallTime: parts.now)
    let errors = APIErrorResponder()
    return loop.application(
        try makeRouter(configuration, parts, limits, on: loop),
        settings: configuration.host,
        contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
        quietPatterns: [Operation.health.path, Operation.readiness.path],
        outer: (origins.areNone ? [] : [CrossOriginPolicy(origins)]) + [
            RateLimitMiddleware(limits, rules: servedRoutes().map { LimitRule(of: $0.operation) }, errors: errors)
        ],
        errors: errors,
        makeContext: { APIExchange($0) }
    )
}

private func makeRouter(
    _ configuration: APIConfiguration,
    _ parts: APIParts,
    _ limits: RequestLimits,
    on loop: Host.Loop
) throws -> Router<APIExchange> {
    let authenticator = Authenticator(
        tokens: parts.tokens.access,
        revocations: parts.stores.revocations,
        limits: limits,
        now: parts.now
    )
    let handlers = makeHandlers(configuration, parts, authenticator, on: loop)
    var router = Router<APIExchange>()
    for (operation, path) in servedRoutes() {
        guard let handler = handlers[operation.id] else {
            preconditionFailure("nothing serves \(operation.id), which the contract lists")
        }
        let gate = Gate(
            caller: operation.caller,
            authenticator: authenticator,
            isCounting: operation.isLimited
        )
        try router.on(operation.method, path, middleware: gate.isOpen ? [] : [gate], handler: handler)
    }
    return router
}

/// What serves each operation, by its id.
private func makeHandlers(
    _ configuration: APIConfiguration,
    _ parts: APIParts,
    _ authenticator: Authenticator,
    on loop: Host.Loop
) -> [String: Handler<APIExchange>] {
    let stores = parts.stores
    let accountService = makeAccountService(configuration, stores: stores, hasher: parts.hasher, now: parts.now)
    let authentication = AuthenticationHandlers(
        service: makeAuthenticationService(configuration, parts, on: loop.loop, logger: loop.logger),
        authenticator: authenticator,
        rules: configuration.accounts.rules
    )
    let account = AccountHandlers(service: accountService)
    let users = UserHandlers(service: accountService, search: stores.database.dialect.userSearch)
    let readiness = ReadinessHandlers(stores)
    let documents = DocumentHandlers(areEnabled: configuration.documents.areEnabled)
    let statistics = StatisticsHandlers(database: stores.database, readiness: readiness, now: parts.now)
    return [
        Operation.signUp.id: account.signUp,
        Operation.login.id: authentication.login,
        Operation.refresh.id: authentication.refresh,
        Operation.logout.id: authentication.logout,
        Operation.logoutAll.id: authentication.logoutAll,
        Operation.verify.id: authentication.verify,
        Operation.me.id: account.me,
        Operation.changeProfile.id: account.changeProfile,
        Operation.changePassword.id: authentication.changePassword,
        Operation.sessions.id: authentication.sessions,
        Operation.endSession.id: authentication.endSession,
        Operation.hello.id: account.hello,
        Operation.listUsers.id: users.list,
        Operation.createUser.id: users.create,
        Operation.user.id: users.user,
        Operation.replaceUser.id: users.replace,
        Operation.changeUser.id: users.change,
        Operation.deleteUser.id: users.delete,
        Operation.activateUser.id: users.activate,
        Operation.deactivateUser.id: users.deactivate,
        Operation.makeAdministrator.id: users.makeAdministrator,
        Operation.removeAdministrator.id: users.removeAdministrator,
        Operation.endUserSessions.id: users.endSessions,
        Operation.statistics.id: statistics.statistics,
        Operation.audit.id: AuditHandlers(service: AuditService(database: stores.database)).list,
        Operation.health.id: HealthHandlers().health,
        Operation.readiness.id: readiness.readiness,
        Operation.keys.id: JWKSHandlers(keys: parts.tokens.keys).keySet,
        Operation.openAPI.id: documents.openAPI,
        Operation.documentation.id: documents.page,
    ]
}

/// The service of sign-ins of one loop.
func makeAuthenticationService(
    _ configuration: APIConfiguration,
    _ parts: APIParts,
    on loop: EventLoop,
    logger: Logger
) -> AuthenticationService {
    AuthenticationService(
        database: parts.stores.database,
        revocations: parts.stores.revocations,
        hasher: parts.hasher,
        tokens: parts.tokens,
        guardian: LoginGuard(
            configuration.limits.backoff,
            deviceKey: parts.tokens.deviceKey,
            store: parts.stores.ephemeral,
            fallback: parts.stores.limiter.fallback,
            on: loop,
            wallTime: parts.now
        ),
        statistics: parts.stores.statistics,
        identifiers: .random,
        logger: logger,
        now: parts.now
    )
}

/// The service of accounts, for the API and for what is done before it serves.
///
/// - Parameter tokenLife: nil for whoever has the configuration of those who serve.
func makeAccountService(
    _ configuration: APIConfiguration,
    stores: State.Stores,
    hasher: PasswordHasher,
    tokenLife: Duration? = nil,
    now: @escaping @Sendable () -> WallTime = WallTime.now
) -> AccountService {
    AccountService(
        database: stores.database,
        revocations: stores.revocations,
        hasher: hasher,
        statistics: stores.statistics,
        rules: configuration.accounts.rules,
        signUp: configuration.accounts.signUp,
        tokenLife: tokenLife ?? configuration.tokens.accessLifetime,
        identifiers: .random,
        now: now
    )
}

extension LimitRule {
    fileprivate init(of operation: Contract.Operation) {
        switch operation.id {
        case _ where !operation.isLimited: self = .exempt
        case Operation.login.id: self = .address(.login)
        case Operation.signUp.id: self = .address(.signUp)
        case Operation.refresh.id: self = .address(.refresh)
        default:
            switch operation.caller {
            case .anyone: self = .address(.general)
            case .holder, .bearer, .user, .administratorOrSelf, .administrator: self = .caller
            }
        }
    }
}
