internal import Contract
internal import Database
internal import Linux

extension AuthenticationService {
    /// Exchanges a refresh token for the next one. Each is good for one exchange.
    func refresh(_ text: String, from client: ClientDescription) async throws -> SignedIn {
        guard let token = tokens.refresh.read(text) else { throw AuthenticationError.invalidRefreshToken }
        // What could fail afterwards comes first: the token is used up by then.
        try tokens.access.checkKeys()
        let time = now()
        if let (user, session) = try await exchange(token, at: time) {
            statistics.count(.refresh, at: time)
            return try issue(for: user, session, at: time)
        }
        let sessions = SessionRepository(executor: database)
        guard let session = try await sessions.session(token.session), session.revokedAt == nil,
            session.expiresAt > time, token.counter < session.counter
        else { throw AuthenticationError.invalidRefreshToken }
        let isJustUsed = token.counter == session.counter - 1 && time < session.lastUsedAt + settings.reuseWindow
        guard isJustUsed else {
            try await endStolen(session, client, at: time)
            throw AuthenticationError.invalidRefreshToken
        }
        // Another tab was first, or the answer was lost.
        guard settings.reusePolicy == .replay else { throw AuthenticationError.invalidRefreshToken }
        return try await giveAgain(session, at: time)
    }

    /// Uses a token up and finds out whose it was, both or neither. Nil when it is not the one whose turn it is.
    private func exchange(_ token: RefreshToken, at time: WallTime) async throws -> (User, Session)? {
        try await database.transaction { executor -> (User, Session)? in
            // Until the session has moved on the user stays as read: whoever changes what tokens say comes after this one was
            // issued, and finds in the session when that was.
            let lock = database.dialect.clause(.shared)
            guard let user = try await UserRepository(executor: executor).user(ofSession: token.session, lock) else {
                return nil
            }
            let advanced = try await SessionRepository(executor: executor).advance(
                token.session,
                from: token.counter,
                at: time,
                expiresAt: time + settings.refreshLifetime
            )
            guard let advanced else { return nil }
            guard user.isActive else { throw AuthenticationError.inactive }
            return (user, advanced)
        }
    }

    /// The tokens that the last exchange has made, once more.
    private func giveAgain(_ session: Session, at time: WallTime) async throws -> SignedIn {
        guard let user = try await UserRepository(executor: database).user(session.user) else {
            throw AuthenticationError.invalidRefreshToken
        }
        guard user.isActive else { throw AuthenticationError.inactive }
        statistics.count(.refresh, at: time)
        return try issue(for: user, session, at: time)
    }

    /// Somebody has a token that was exchanged long ago: one of the two who had it is a thief, and nobody knows which.
    private func endStolen(_ session: Session, _ client: ClientDescription, at time: WallTime) async throws {
        let made = try await database.transaction { executor -> [Revocation] in
            guard let (ended, made) = try await ending(executor, at: time).end(session.id, of: nil, reason: "reuse")
            else { return [] }
            let user = try await UserRepository(executor: executor).user(ended.user)
            try await trail(executor, client, at: time).record(
                .refreshReused,
                by: ended.user,
                named: user?.username ?? "",
                isSuccess: false,
                target: ended.id
            )
            return made
        }
        try await revocations.spread(made)
    }
}
