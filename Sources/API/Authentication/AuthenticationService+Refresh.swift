internal import Database
internal import Linux

extension AuthenticationService {
    /// Exchanges a refresh token for the next one. Each is good for one exchange.
    func refresh(_ text: String, from client: ClientDescription) async throws -> SignedIn {
        guard let token = tokens.refresh.read(text) else { throw AuthenticationError.invalidRefreshToken }
        let time = now()
        let sessions = SessionRepository(executor: database)
        let advanced = try await sessions.advance(
            token.session,
            from: token.counter,
            at: time,
            expiresAt: time + settings.refreshLifetime
        )
        if let advanced { return try await goOn(advanced, client, at: time) }
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
        return try await goOn(session, client, at: time)
    }

    private func goOn(_ session: Session, _ client: ClientDescription, at time: WallTime) async throws -> SignedIn {
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
