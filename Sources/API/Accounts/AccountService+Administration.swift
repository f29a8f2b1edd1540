internal import Contract
internal import Database
internal import Linux
internal import Passwords

/// What administrators do to the accounts of others.
extension AccountService {
    struct Change: Sendable {
        var username: String?
        var email: String?
        var isAdmin: Bool?
        var isActive: Bool?
        var isEmailVerified: Bool?
        var password: String?
    }

    struct Page: Sendable {
        let users: [User]
        let total: Int
    }

    func page(_ query: UserQuery, search: any UserSearch) async throws -> Page {
        let users = UserRepository(executor: database)
        let (page, total) = try await users.page(query, search: search)
        if let total { return Page(users: page, total: total) }
        // Behind a page that has room there is nobody else.
        if page.count < query.limit, !page.isEmpty || query.offset == 0 {
            return Page(users: page, total: min(query.offset + page.count, UserBody.countLimit))
        }
        return Page(users: page, total: try await users.count(query, search: search, upTo: UserBody.countLimit))
    }

    /// Changes what is given.
    func change(
        _ id: UUID,
        _ change: Change,
        action: AuditAction = .userUpdated,
        by actor: Actor,
        from client: ClientDescription
    ) async throws -> User {
        var fields = AccountFields()
        let username = change.username.flatMap { fields.username($0, isOwnChoice: false) }
        let email = change.email.flatMap { fields.email($0) }
        if let password = change.password {
            let known = try await user(id)
            let names = (username?.text ?? known.username, email?.text ?? known.email)
            fields.password(password, rules, username: names.0, email: names.1)
        }
        try fields.check()
        var hash: PasswordHash?
        if let password = change.password { hash = try await hasher.hash(try Password(password)) }
        let changes = UserChanges(
            username: username?.text,
            email: email?.text,
            isAdmin: change.isAdmin,
            isActive: change.isActive,
            isEmailVerified: change.isEmailVerified,
            passwordHash: hash?.text
        )
        return try await apply(changes, to: id, action, by: actor, from: client)
    }

    /// Ends every session of somebody.
    func endSessions(of id: UUID, by actor: Actor, from client: ClientDescription) async throws {
        let time = now()
        let made = try await database.transaction { executor -> [Revocation] in
            guard let user = try await UserRepository(executor: executor).user(id) else {
                throw AccountError.noSuchUser
            }
            let ending = SessionEnding(executor: executor, time: time, tokenLife: tokenLife)
            let made = try await ending.endAll(of: id, except: nil, reason: "administrator")
            try await trail(executor, client, at: time).record(
                .sessionsRevoked,
                by: actor.user,
                named: actor.name,
                target: id,
                targetName: user.username
            )
            return made
        }
        try await revocations.spread(made)
    }

    /// Deletes somebody, and with `isHard` every trace but the audit, also of who was deleted softly. Their tokens are refused
    /// from now on.
    func delete(_ id: UUID, isHard: Bool, by actor: Actor, from client: ClientDescription) async throws {
        let time = now()
        let made = try await explainingViolations {
            try await database.transaction { executor -> [Revocation] in
                let users = UserRepository(executor: executor)
                let user: User
                var made: [Revocation] = []
                if let found = try await users.user(id, database.dialect.clause(.exclusive)) {
                    user = found
                    // First, for the same reason as with other changes.
                    guard try await users.deleteSoftly(id, at: time) else { throw AccountError.noSuchUser }
                    let ending = SessionEnding(executor: executor, time: time, tokenLife: tokenLife)
                    made = try await ending.endAll(of: id, except: nil, reason: "deleted")
                } else if isHard, let kept = try await users.deletedUser(id) {
                    user = kept
                    // What the first try could not tell.
                    let ending = SessionEnding(executor: executor, time: time, tokenLife: tokenLife)
                    made = try await ending.known(ofUser: id)
                } else {
                    throw AccountError.noSuchUser
                }
                if isHard, try await !users.delete(id) { throw AccountError.noSuchUser }
                try await trail(executor, client, at: time).record(
                    .userDeleted,
                    by: actor.user,
                    named: actor.name,
                    target: id,
                    targetName: user.username,
                    changes: AuditChange.between(user, nil)
                )
                return made
            }
        }
        try await revocations.spread(made)
    }
}
