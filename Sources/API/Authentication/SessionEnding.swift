internal import Database
internal import Linux

/// Ends sessions and what tokens stand for, in a transaction; the revocations it answers are spread after the commit.
///
/// Sessions end one by one, so that a clock which is ahead elsewhere can not save a token. "Valid after" is for tokens whose
/// session lives on: it is later than every token that was issued for one of them, whichever clock it was issued by.
struct SessionEnding {
    let executor: any QueryExecutor
    let time: WallTime
    /// How long a token may run that was issued just now.
    let tokenLife: Duration

    private var sessions: SessionRepository { SessionRepository(executor: executor) }

    /// Ends one, of this user if one is named. Nil when there was none that could be ended.
    func end(_ session: UUID, of user: UUID?, reason: String) async throws(DatabaseError) -> (Session, [Revocation])? {
        guard let ended = try await sessions.revoke(session, of: user, reason: reason, at: time) else { return nil }
        return (ended, try await revoke([ended]))
    }

    /// Ends all of a user but one, if one is named.
    func endAll(of user: UUID, except kept: UUID?, reason: String) async throws(DatabaseError) -> [Revocation] {
        try await revoke(try await sessions.revokeAll(of: user, except: kept, reason: reason, at: time))
    }

    /// From when tokens of a user count whose sessions live on, after a change of what they say: later than any that was
    /// issued.
    func validAfter(_ user: User) async throws(DatabaseError) -> WallTime {
        var latest = max(time, user.validAfter)
        for session in try await sessions.live(of: user.id, at: time, limit: 1_000) {
            latest = max(latest, session.lastUsedAt)
        }
        // Tokens carry their time in milliseconds.
        let milliseconds = latest.microseconds / 1_000 + 1
        return WallTime(microseconds: milliseconds * 1_000)
    }

    /// Refuses every token of a user that was issued before.
    func refuseTokens(of user: UUID, before validAfter: WallTime) async throws(DatabaseError) -> [Revocation] {
        let revocation = Revocation(subject: .user(user), validAfter: validAfter, expiresAt: validAfter + tokenLife)
        try await RevocationRepository(executor: executor).add([revocation])
        return [revocation]
    }

    private func revoke(_ ended: [Session]) async throws(DatabaseError) -> [Revocation] {
        let revocations = ended.map { session in
            Revocation(
                subject: .session(session.id),
                validAfter: time,
                // A token may have been issued by a clock that is ahead.
                expiresAt: max(time, session.lastUsedAt) + tokenLife
            )
        }
        try await RevocationRepository(executor: executor).add(revocations)
        return revocations
    }
}
