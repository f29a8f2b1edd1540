internal import HTTPEngine

/// Every address of the front end, who may see what is there, and what shows it. A route names who may see it; there is no
/// default.
struct WebRoutes {
    struct Entry {
        let method: HTTPMethod
        let path: String
        /// Nil for what is no page.
        let visitor: PageGate.Visitor?
        let handler: Handler<WebExchange>
    }

    private(set) var all: [Entry] = []

    init(assets: @escaping Handler<WebExchange>) {
        addOwnPages()
        addAccount()
        addAdministration()
        add(.get, "/static/{path...}", nil, assets)
        add(.get, "/auth/verify", nil, VerificationHandlers().verify)
        add(.get, "/health", nil, HealthHandlers().health)
        add(.get, "/health/ready", nil, HealthHandlers().readiness)
    }

    private mutating func add(
        _ method: HTTPMethod,
        _ path: String,
        _ visitor: PageGate.Visitor?,
        _ handler: @escaping Handler<WebExchange>
    ) {
        all.append(Entry(method: method, path: path, visitor: visitor, handler: handler))
    }

    private mutating func addOwnPages() {
        let signIn = SignInHandlers()
        let signUp = SignUpHandlers()
        add(.get, PageAddress.home, .signedIn, DashboardHandlers().show)
        add(.get, PageAddress.signIn, .anyone, signIn.show)
        add(.post, PageAddress.signIn, .anyone, signIn.signIn)
        add(.post, PageAddress.signOut, .signedIn, signIn.signOut)
        add(.get, PageAddress.signUp, .anyone, signUp.show)
        add(.post, PageAddress.signUp, .anyone, signUp.signUp)
        add(.get, PageAddress.hello, .signedIn, HelloHandlers().show)
    }

    private mutating func addAccount() {
        let account = AccountHandlers()
        add(.get, PageAddress.account, .signedIn, account.showing(.profile))
        add(.post, PageAddress.account, .signedIn, account.changeProfile)
        add(.get, PageAddress.password, .signedIn, account.showing(.password))
        add(.post, PageAddress.password, .signedIn, account.changePassword)
        add(.get, PageAddress.sessions, .signedIn, account.showing(.sessions))
        add(.post, PageAddress.sessions + "/{id}/end", .signedIn, account.endSession)
        add(.get, PageAddress.endAllSessions, .signedIn, account.confirmEndAll)
        add(.post, PageAddress.endAllSessions, .signedIn, account.endAll)
    }

    private mutating func addAdministration() {
        let creation = UserCreationHandlers()
        let edit = UserEditHandlers()
        add(.get, PageAddress.overview, .signedIn, OverviewHandlers().show)
        add(.get, PageAddress.users, .signedIn, UserListHandlers().show)
        add(.get, PageAddress.newUser, .signedIn, creation.show)
        add(.post, PageAddress.newUser, .signedIn, creation.create)
        add(.get, PageAddress.users + "/{id}", .signedIn, edit.show)
        add(.post, PageAddress.users + "/{id}", .signedIn, edit.change)
        for command in UserCommand.allCases {
            let handlers = UserCommandHandlers(command: command)
            add(.get, PageAddress.users + "/{id}/" + command.rawValue, .signedIn, handlers.ask)
            add(.post, PageAddress.users + "/{id}/" + command.rawValue, .signedIn, handlers.perform)
        }
        add(.get, PageAddress.audit, .signedIn, AuditHandlers().show)
    }
}
