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

    /// Of a search at most this many are counted.
    static let searchLimit = 1_000

    func page(_ query: UserQuery, search: any UserSearch) async throws -> Page {
        let users = UserRepository(executor: database)
        let page = try await users.page(query, search: search)
        guard query.search?.isEmpty ?? true else {
            let total = try await users.count(query, search: search, upTo: AccountService.searchLimit)
            return Page(users: page, total: total)
        }
        let counts = try await users.counts()
        return Page(users: page, total: counts.total(isActive: query.isActive, isAdmin: query.isAdmin))
    }

    /// Changes what is given. What tokens say is in force at the next request: they are refused when a role or the
    /// password changes, and every session ends when somebody is deactivated or gets another password.
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
        let time = now()
        let (changed, hasOtherRole, made) = try await meaningful {
            try await database.transaction { executor -> (User, Bool, [Revocation]) in
                let users = UserRepository(executor: executor)
                guard let old = try await users.user(id) else { throw AccountError.noSuchUser }
                var changes = UserChanges(
                    username: username?.text,
                    email: email?.text,
                    isAdmin: change.isAdmin,
                    isActive: change.isActive,
                    isEmailVerified: change.isEmailVerified,
                    passwordHash: hash?.text
                )
                if change.isEmailVerified == nil, let email, email.key != old.email.lowercased() {
                    changes.isEmailVerified = false
                }
                // Before sessions are ended: who logs in meanwhile waits for this row, or is found among the sessions.
                guard let new = try await users.change(id, changes, at: time) else { throw AccountError.noSuchUser }
                let ending = SessionEnding(executor: executor, time: time, tokenLife: tokenLife)
                let isPutOut = old.isActive && !new.isActive || hash != nil
                var made: [Revocation] = []
                if isPutOut { made += try await ending.endAll(of: id, except: nil, reason: action.rawValue) }
                if old.isAdmin != new.isAdmin { made += try await refuseTokens(of: new, ending) }
                try await trail(executor, client, at: time).record(
                    action,
                    by: actor.user,
                    named: actor.name,
                    target: id,
                    targetName: old.username,
                    changes: AuditChange.between(old, new)
                )
                return (new, old.isAdmin != new.isAdmin, made)
            }
        }
        await revocations.spread(made)
        if hasOtherRole { try await refuseTokens(of: id) }
        return changed
    }

    /// Once more after the commit of a change: until then tokens were issued with the old role, by whichever clock.
    private func refuseTokens(of id: UUID) async throws {
        let made = try await database.transaction { executor -> [Revocation] in
            guard let user = try await UserRepository(executor: executor).user(id) else { return [] }
            return try await refuseTokens(
                of: user,
                SessionEnding(executor: executor, time: now(), tokenLife: tokenLife)
            )
        }
        await revocations.spread(made)
    }

    /// Refuses every token that was issued with what the user was before.
    private func refuseTokens(of user: User, _ ending: SessionEnding) async throws -> [Revocation] {
        let validAfter = try await ending.validAfter(user)
        let changes = UserChanges(validAfter: validAfter)
        _ = try await UserRepository(executor: ending.executor).change(user.id, changes, at: ending.time)
        return try await ending.refuseTokens(of: user.id, before: validAfter)
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
        await revocations.spread(made)
    }

    /// Deletes somebody, and with `isHard` every trace but the audit. Their tokens are refused from now on.
    func delete(_ id: UUID, isHard: Bool, by actor: Actor, from client: ClientDescription) async throws {
        let time = now()
        let made = try await meaningful {
            try await database.transaction { executor -> [Revocation] in
                let users = UserRepository(executor: executor)
                guard let user = try await users.user(id) else { throw AccountError.noSuchUser }
                // First, for the same reason as above.
                guard try await users.deleteSoftly(id, at: time) else { throw AccountError.noSuchUser }
                let ending = SessionEnding(executor: executor, time: time, tokenLife: tokenLife)
                let made = try await ending.endAll(of: id, except: nil, reason: "deleted")
                if isHard { _ = try await users.delete(id) }
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
        await revocations.spread(made)
    }
}
