internal import Operations

/// What an operator asks for, made sense of.
enum UsersRequest: Equatable {
    enum Action: String, CaseIterable {
        case list
        case create
        case setPassword = "set-password"
        case makeAdmin = "make-admin"
        case removeAdmin = "remove-admin"
        case activate
        case deactivate
        case revokeSessions = "revoke-sessions"
    }

    /// What is done to somebody who has an account.
    enum Change: Equatable {
        case password
        case isAdmin(Bool)
        case isActive(Bool)
        case endSessions
    }

    case list(search: String?, page: Int, pageSize: Int, isJSON: Bool)
    case create(username: String, email: String, isAdmin: Bool)
    case change(String, Change)

    static let options: [ProgramOption] = [
        .value("email", "ADDRESS", help: "create: the e-mail address"),
        .flag("admin", help: "create: an administrator"),
        .value("search", "TEXT", help: "list: part of a username or an e-mail address (of 1 or 2 signs: its start)"),
        .value("page", "NUMBER", help: "list: which page, the newest accounts first"),
        .value("page-size", "NUMBER", help: "list: how many on a page, 1 to 100 (20)"),
        .flag("json", help: "list: as the API answers it"),
    ]

    init(_ invocation: ProgramInvocation) throws(UsageError) {
        guard let action = Action(rawValue: invocation.argument("ACTION")) else {
            preconditionFailure("the parser let an action pass that is none")
        }
        try UsersRequest.checkOptions(invocation, action)
        let user = invocation.optionalArgument("USER")
        if action == .list {
            if user != nil { throw UsageError("'list' takes no user; '--search' finds some") }
            self = .list(
                search: invocation.option("search"),
                page: try UsersRequest.number("page", in: 1...1_000_000, invocation) ?? 1,
                pageSize: try UsersRequest.number("page-size", in: 1...100, invocation) ?? 20,
                isJSON: invocation.isOn("json")
            )
            return
        }
        guard let user else { throw UsageError("which user?") }
        switch action {
        case .list: preconditionFailure("done above")
        case .create:
            guard let email = invocation.option("email") else { throw UsageError("'create' needs '--email'") }
            self = .create(username: user, email: email, isAdmin: invocation.isOn("admin"))
        case .setPassword: self = .change(user, .password)
        case .makeAdmin: self = .change(user, .isAdmin(true))
        case .removeAdmin: self = .change(user, .isAdmin(false))
        case .activate: self = .change(user, .isActive(true))
        case .deactivate: self = .change(user, .isActive(false))
        case .revokeSessions: self = .change(user, .endSessions)
        }
    }

    /// Refuses an option that means nothing to this action.
    private static func checkOptions(_ invocation: ProgramInvocation, _ action: Action) throws(UsageError) {
        let values: [(String, Action)] = [
            ("email", .create), ("search", .list), ("page", .list), ("page-size", .list),
        ]
        let flags: [(String, Action)] = [("admin", .create), ("json", .list)]
        let given =
            values.filter { invocation.option($0.0) != nil } + flags.filter { invocation.isOn($0.0) }
        for (name, owner) in given where owner != action {
            throw UsageError("option '--\(name)' belongs to '\(owner.rawValue)'")
        }
    }

    private static func number(
        _ name: String,
        in bounds: ClosedRange<Int>,
        _ invocation: ProgramInvocation
    ) throws(UsageError) -> Int? {
        guard let text = invocation.option(name) else { return nil }
        guard let number = Int(text), bounds.contains(number) else {
            throw UsageError("option '--\(name)' takes a number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }
}
