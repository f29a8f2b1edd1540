internal import Contract
internal import Database
internal import JSON

/// Does what an operator asks for, and says in a line or more what was done.
struct UsersOperator {
    /// Why it was not done, in words for whoever asked.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    let accounts: AccountService

    func perform(_ request: UsersRequest) async throws -> String {
        switch request {
        case .list(let search, let page, let pageSize, let isJSON):
            return try await list(search, page: page, pageSize: pageSize, isJSON: isJSON)
        case .create(let username, let email, let isAdmin):
            return try await explaining(username) { try await create(username, email, isAdmin: isAdmin) }
        case .change(let name, let change):
            let user = try await user(named: name)
            return try await explaining(user.username) { try await self.change(user, change) }
        }
    }

    private func list(_ search: String?, page: Int, pageSize: Int, isJSON: Bool) async throws -> String {
        let query = UserQuery(search: search, offset: (page - 1) * pageSize, limit: pageSize)
        let found = try await accounts.page(query, search: accounts.database.dialect.userSearch)
        if !isJSON { return UserTable(found, page: page, pageSize: pageSize).text }
        let body = UserPage(
            items: found.users.map { UserBody($0) },
            page: page,
            pageSize: pageSize,
            total: found.total
        )
        return String(decoding: body.json, as: UTF8.self) + "\n"
    }

    private func create(_ username: String, _ email: String, isAdmin: Bool) async throws -> String {
        let user = try await accounts.create(
            .init(
                username: username,
                email: email,
                password: try await PasswordPrompt.ask(for: username),
                isAdmin: isAdmin
            ),
            by: .operator,
            from: .operator
        )
        return "created  \(user.id)  \(user.username)\n"
    }

    private func change(_ user: User, _ change: UsersRequest.Change) async throws -> String {
        switch change {
        case .password:
            let password = try await PasswordPrompt.ask(for: user.username)
            try await self.change(user, .init(password: password), .passwordChanged)
            return "\(user.username) has a new password, and has to sign in again everywhere\n"
        case .isAdmin(let isAdmin):
            try await self.change(user, .init(isAdmin: isAdmin), isAdmin ? .adminGiven : .adminTaken)
            return "\(user.username) is \(isAdmin ? "an administrator" : "no administrator")\n"
        case .isActive(let isActive):
            try await self.change(user, .init(isActive: isActive), isActive ? .userActivated : .userDeactivated)
            return "\(user.username) is \(isActive ? "active" : "inactive, and signed out everywhere")\n"
        case .endSessions:
            try await accounts.endSessions(of: user.id, by: .operator, from: .operator)
            return "\(user.username) is signed out everywhere\n"
        }
    }

    private func change(_ user: User, _ change: AccountService.Change, _ action: AuditAction) async throws {
        _ = try await accounts.change(user.id, change, action: action, by: .operator, from: .operator)
    }

    private func user(named name: String) async throws -> User {
        guard let user = try await find(name) else { throw Refusal(description: "there is no user '\(name)'") }
        return user
    }

    /// No username holds an @ (see `Username`), and none is as long as an id.
    private func find(_ name: String) async throws -> User? {
        let users = UserRepository(executor: accounts.database)
        // Each way on its own: several awaits in one expression crash the optimizer of Swift 6.3.1.
        if let id = UUID(name) { return try await users.user(id) }
        if name.contains("@") { return try await users.credentials(email: name)?.user }
        return try await users.credentials(username: name)?.user
    }

    private func explaining(_ name: String, _ body: () async throws -> String) async throws -> String {
        do { return try await body() } catch let error as AccountError { throw Refusal(error, name) }
    }
}

extension UsersOperator.Refusal {
    init(_ error: AccountError, _ name: String) {
        description =
            switch error {
            case .unacceptable(let problems):
                problems.sorted { $0.key < $1.key }.flatMap { field, messages in messages.map { "\(field): \($0)" } }
                    .joined(separator: "\n")
            case .usernameTaken: "somebody else has the username '\(name)'"
            case .emailTaken: "somebody else has this e-mail address"
            case .bothTaken: "somebody else has the username '\(name)', and this e-mail address"
            case .noSuchUser: "there is no user '\(name)' any more"
            case .lastAdministrator: "\(name) is the last active administrator, and must stay"
            case .signUpClosed, .signUpByInvitation: preconditionFailure("operators do not sign up")
            }
    }
}
