internal import Contract
internal import Database
internal import Linux

/// What follows from a change of an account, whoever makes it.
extension AccountService {
    /// What tokens say is in force at the next request: they are refused when the role or a name changes, and every session
    /// ends when somebody is deactivated or gets another password.
    func apply(
        _ changes: UserChanges,
        to id: UUID,
        _ action: AuditAction,
        by actor: Actor,
        from client: ClientDescription
    ) async throws -> User {
        let time = now()
        let (changed, hasOtherClaims, made) = try await explainingViolations(
            username: changes.username,
            email: changes.email,
            of: id
        ) {
            try await database.transaction { executor -> (User, Bool, [Revocation]) in
                let users = UserRepository(executor: executor)
                // Nobody else changes it meanwhile: what is compared is what was replaced. And it comes before sessions are
                // ended: who logs in meanwhile waits for this row, or is found among the sessions.
                guard let old = try await users.user(id, database.dialect.clause(.exclusive)) else {
                    throw AccountError.noSuchUser
                }
                var changes = changes
                if changes.isEmailVerified == nil, let email = changes.email {
                    // Another address is not verified yet.
                    if email.lowercased() != old.email.lowercased() { changes.isEmailVerified = false }
                }
                guard let new = try await users.change(id, changes, at: time) else { throw AccountError.noSuchUser }
                let ending = SessionEnding(executor: executor, time: time, tokenLife: tokenLife)
                let isPutOut = !new.isActive || changes.passwordHash != nil
                let hasOtherClaims = !old.hasSameClaims(as: new)
                if isPutOut { _ = try await ending.endAll(of: id, except: nil, reason: action.rawValue) }
                if hasOtherClaims { _ = try await refuseTokens(of: new, ending) }
                // Also what was changed to the same a moment ago, by somebody else or by a try that could not be told.
                let isAboutClaims = changes.isAdmin != nil || changes.username != nil || changes.email != nil
                let isAboutTokens = isPutOut || hasOtherClaims || isAboutClaims
                let made = try await isAboutTokens ? ending.known(ofUser: id) : []
                try await trail(executor, client, at: time).record(
                    action,
                    by: actor.user,
                    named: actor.name,
                    target: id,
                    targetName: old.username,
                    changes: AuditChange.between(old, new) + (changes.passwordHash == nil ? [] : [.password])
                )
                return (new, hasOtherClaims, made)
            }
        }
        // Both are tried: who asks again finds nothing changed.
        var failure: (any Error)?
        do { try await revocations.spread(made) } catch { failure = error }
        if hasOtherClaims { try await refuseTokens(of: id) }
        if let failure { throw failure }
        return changed
    }

    /// Once more after the commit of a change: until then tokens were issued with what was before, by whichever clock.
    private func refuseTokens(of id: UUID) async throws {
        let made = try await database.transaction { executor -> [Revocation] in
            guard let user = try await UserRepository(executor: executor).user(id) else { return [] }
            return try await refuseTokens(
                of: user,
                SessionEnding(executor: executor, time: now(), tokenLife: tokenLife)
            )
        }
        try await revocations.spread(made)
    }

    /// Refuses every token that was issued with what the user was before.
    private func refuseTokens(of user: User, _ ending: SessionEnding) async throws -> [Revocation] {
        let validAfter = try await ending.validAfter(user)
        let changes = UserChanges(validAfter: validAfter)
        _ = try await UserRepository(executor: ending.executor).change(user.id, changes, at: ending.time)
        return try await ending.refuseTokens(of: user.id, before: validAfter)
    }

    /// Turns a violated rule of the schema into what it means. It tells one name that is taken; the other may be, too.
    func explainingViolations<Value>(
        username: String? = nil,
        email: String? = nil,
        of id: UUID? = nil,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do { return try await body() } catch let error as DatabaseError {
            let meaning = AccountError.meaning(of: error)
            let other: Credentials?
            if let email, meaning as? AccountError == .usernameTaken {
                other = try await UserRepository(executor: database).credentials(email: email)
            } else if let username, meaning as? AccountError == .emailTaken {
                other = try await UserRepository(executor: database).credentials(username: username)
            } else {
                other = nil
            }
            throw other == nil || other?.user.id == id ? meaning : AccountError.bothTaken
        }
    }
}
