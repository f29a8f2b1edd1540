internal import Database
internal import Linux

/// Ends sessions and what tokens stand for, in a transaction; the revocations it answers are spread after the commit.
///
/// Somebody else may have ended the same a moment ago, and not spread it yet. So what was there before is answered too: who
/// says that something is over must not say it sooner than it is so everywhere.
///
/// Sessions end one by one, so that a clock which is ahead elsewhere can not save a token. "Valid after" is for tokens whose
/// session lives on: it is later than every token that was issued for one of them, whichever clock it was issued by.
struct SessionEnding {
    let executor: any QueryExecutor
    let time: WallTime
    /// How long a token may run that was issued just now.
    let tokenLife: Duration

    private var sessions: SessionRepository { SessionRepository(executor: executor) }
    private var revocations: RevocationRepository { RevocationRepository(executor: executor) }

    /// Ends one, of this user if one is named. Nil when there was none that could be ended.
    func end(_ session: UUID, of user: UUID?, reason: String) async throws(DatabaseError) -> (Session, [Revocation])? {
        guard let ended = try await sessions.revoke(session, of: user, reason: reason, at: time) else { return nil }
        return (ended, try await revoke([ended]))
    }

    /// Ends all of a user but one, if one is named. Answers the revocations of those that had ended before, too.
    func endAll(of user: UUID, except kept: UUID?, reason: String) async throws(DatabaseError) -> [Revocation] {
        _ = try await revoke(try await sessions.revokeAll(of: user, except: kept, reason: reason, at: time))
        return try await known(ofUser: user)
    }

    /// What a session that has ended before is refused by.
    func known(ofSession session: UUID) async throws(DatabaseError) -> [Revocation] {
        try await revocations.live(ofSession: session, at: time)
    }

    /// What tokens of a user are refused by.
    func known(ofUser user: UUID) async throws(DatabaseError) -> [Revocation] {
        try await revocations.live(ofUser: user, at: time)
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
        try await revocations.add([revocation])
        return [revocation]
    }

    private func revoke(_ ended: [Session]) async throws(DatabaseError) -> [Revocation] {
        let made = ended.map { session in
            Revocation(
                subject: .session(session.id),
                validAfter: time,
                // A token may have been issued by a clock that is ahead.
                expiresAt: max(time, session.lastUsedAt) + tokenLife
            )
        }
        try await revocations.add(made)
        return made
    }
}
