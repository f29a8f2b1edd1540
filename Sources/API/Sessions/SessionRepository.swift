internal import Database
internal import Linux

/// The sessions in the database. Each method is one statement.
struct SessionRepository {
    let executor: any QueryExecutor

    private static let columns: SQL = """
        id, user_id, counter, created_at, last_used_at, expires_at, revoked_at, address, user_agent
        """

    func add(_ session: Session) async throws(DatabaseError) {
        _ = try await executor.query(
            """
            INSERT INTO sessions (id, user_id, counter, created_at, last_used_at, expires_at, address, user_agent)
            VALUES (\(session.id), \(session.user), \(session.counter), \(session.createdAt), \(session.lastUsedAt),
                \(session.expiresAt), \(session.address), \(session.userAgent))
            """
        )
    }

    func session(_ id: UUID) async throws(DatabaseError) -> Session? {
        try await sessions("SELECT \(SessionRepository.columns) FROM sessions WHERE id = \(id)").first
    }

    /// Exchanges the refresh token that carries `counter`: of any number at once exactly one succeeds. Nil for the others.
    func advance(
        _ id: UUID,
        from counter: Int,
        at time: WallTime,
        expiresAt: WallTime
    ) async throws(DatabaseError) -> Session? {
        try await sessions(
            """
            UPDATE sessions SET counter = counter + 1, last_used_at = \(time), expires_at = \(expiresAt)
            WHERE id = \(id) AND counter = \(counter) AND revoked_at IS NULL AND expires_at > \(time)
            RETURNING \(SessionRepository.columns)
            """
        ).first
    }

    /// Those of a user that are alive, the newest first.
    func live(of user: UUID, at time: WallTime, limit: Int) async throws(DatabaseError) -> [Session] {
        try await sessions(
            """
            SELECT \(SessionRepository.columns) FROM sessions
            WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > \(time)
            ORDER BY created_at DESC LIMIT \(number: limit)
            """
        )
    }

    /// Ends one, of this user if one is named; nil when there was none that could be ended.
    func revoke(
        _ id: UUID,
        of user: UUID?,
        reason: String,
        at time: WallTime
    ) async throws(DatabaseError) -> Session? {
        let owner: SQL = user.map { " AND user_id = \($0)" } ?? ""
        return try await sessions(
            """
            UPDATE sessions SET revoked_at = \(time), revoke_reason = \(reason)
            WHERE id = \(id)\(owner) AND revoked_at IS NULL RETURNING \(SessionRepository.columns)
            """
        ).first
    }

    /// Ends all of a user but one, if one is named; answers those it ended.
    func revokeAll(
        of user: UUID,
        except kept: UUID?,
        reason: String,
        at time: WallTime
    ) async throws(DatabaseError) -> [Session] {
        let exception: SQL = kept.map { " AND id <> \($0)" } ?? ""
        return try await sessions(
            """
            UPDATE sessions SET revoked_at = \(time), revoke_reason = \(reason)
            WHERE user_id = \(user) AND revoked_at IS NULL\(exception) RETURNING \(SessionRepository.columns)
            """
        )
    }

    /// How many of all are alive: the count that is kept of those that were not ended, without the few that have expired and
    /// were not removed yet.
    func countLive(at time: WallTime) async throws(DatabaseError) -> Int {
        let result = try await executor.query(
            """
            SELECT CAST((SELECT coalesce(sum(count), 0) FROM session_counts)
                - (SELECT count(*) FROM sessions WHERE revoked_at IS NULL AND expires_at <= \(time)) AS bigint) AS count
            """
        )
        guard let row = result.first else { return 0 }
        var reader = row.reader
        return try reader.next()
    }

    /// Removes some of those that ended before a time; answers how many.
    func removeExpired(before time: WallTime, limit: Int) async throws(DatabaseError) -> Int {
        try await executor.query(
            """
            DELETE FROM sessions WHERE id IN
                (SELECT id FROM sessions WHERE expires_at < \(time) ORDER BY expires_at LIMIT \(number: limit))
            """
        ).changedCount
    }

    private func sessions(_ statement: SQL) async throws(DatabaseError) -> [Session] {
        try await executor.query(statement).map { (row) throws(DatabaseError) in
            var reader = row.reader
            return Session(
                id: try reader.next(),
                user: try reader.next(),
                counter: try reader.next(),
                createdAt: try reader.next(),
                lastUsedAt: try reader.next(),
                expiresAt: try reader.next(),
                revokedAt: try reader.nextIfPresent(),
                address: try reader.next(),
                userAgent: try reader.next()
            )
        }
    }
}
