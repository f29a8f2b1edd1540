internal import Database
internal import Linux

/// The revocations in the database, which are the truth.
struct RevocationRepository {
    let executor: any QueryExecutor

    /// Written at once; more are written in pieces of this size, so that there are few statements to prepare.
    private static let pieceSize = 50

    /// Adds revocations. Of two about one subject the stronger stays.
    func add(_ revocations: [Revocation]) async throws(DatabaseError) {
        var rest = revocations[...]
        while !rest.isEmpty {
            let rows = rest.prefix(RevocationRepository.pieceSize).map { revocation -> SQL in
                let subject = revocation.subject
                return "(\(subject.kind), \(subject.identifier), \(revocation.validAfter), \(revocation.expiresAt))"
            }
            rest = rest.dropFirst(rows.count)
            _ = try await executor.query(
                """
                INSERT INTO revocations (kind, subject, valid_after, expires_at) VALUES \(SQL.joined(rows, by: ", "))
                ON CONFLICT (kind, subject) DO UPDATE SET
                    valid_after = CASE WHEN excluded.valid_after > revocations.valid_after
                        THEN excluded.valid_after ELSE revocations.valid_after END,
                    expires_at = CASE WHEN excluded.expires_at > revocations.expires_at
                        THEN excluded.expires_at ELSE revocations.expires_at END
                """
            )
        }
    }

    func isRevoked(_ token: TokenIdentity) async throws(DatabaseError) -> Bool {
        let result = try await executor.query(
            """
            SELECT 1 FROM revocations WHERE kind = 'session' AND subject = \(token.session)
            UNION ALL
            SELECT 1 FROM revocations
            WHERE kind = 'user' AND subject = \(token.user) AND valid_after > \(token.issuedAt)
            """
        )
        return !result.isEmpty
    }

    /// The one of a session that has not expired, if there is one.
    func live(ofSession session: UUID, at time: WallTime) async throws(DatabaseError) -> [Revocation] {
        try await revocations(
            """
            SELECT kind, subject, valid_after, expires_at FROM revocations
            WHERE kind = 'session' AND subject = \(session) AND expires_at > \(time)
            """
        )
    }

    /// Those of a user and of all the user's sessions that have not expired.
    func live(ofUser user: UUID, at time: WallTime) async throws(DatabaseError) -> [Revocation] {
        try await revocations(
            """
            SELECT kind, subject, valid_after, revocations.expires_at
            FROM sessions JOIN revocations ON kind = 'session' AND subject = sessions.id
            WHERE user_id = \(user) AND revoked_at IS NOT NULL AND revocations.expires_at > \(time)
            UNION ALL
            SELECT kind, subject, valid_after, expires_at FROM revocations
            WHERE kind = 'user' AND subject = \(user) AND expires_at > \(time)
            """
        )
    }

    /// Those that still matter at a time, by subject, after one of them.
    func live(
        at time: WallTime,
        after last: Revocation.Subject?,
        limit: Int
    ) async throws(DatabaseError) -> [Revocation] {
        let (kind, identifier) = (last?.kind ?? "", last?.identifier ?? UUID(high: 0, low: 0))
        return try await revocations(
            """
            SELECT kind, subject, valid_after, expires_at FROM revocations
            WHERE (kind, subject) > (\(kind), \(identifier)) AND expires_at > \(time)
            ORDER BY kind, subject LIMIT \(number: limit)
            """
        )
    }

    /// Those that were made since a time, in the order of time, after one of them.
    func made(
        since time: WallTime,
        after last: Revocation? = nil,
        limit: Int
    ) async throws(DatabaseError) -> [Revocation] {
        // Kinds are words: before each of them.
        let (start, kind) = (last?.validAfter ?? time, last?.subject.kind ?? "")
        let identifier = last?.subject.identifier ?? UUID(high: 0, low: 0)
        return try await revocations(
            """
            SELECT kind, subject, valid_after, expires_at FROM revocations
            WHERE (valid_after, kind, subject) > (\(start), \(kind), \(identifier))
            ORDER BY valid_after, kind, subject LIMIT \(number: limit)
            """
        )
    }

    /// Removes some of those that are of no use any more; answers how many.
    func removeExpired(before time: WallTime, limit: Int) async throws(DatabaseError) -> Int {
        try await executor.query(
            """
            DELETE FROM revocations WHERE (kind, subject) IN
                (SELECT kind, subject FROM revocations WHERE expires_at < \(time) ORDER BY expires_at LIMIT \(number: limit))
            """
        ).changedCount
    }

    private func revocations(_ statement: SQL) async throws(DatabaseError) -> [Revocation] {
        try await executor.query(statement).map { (row) throws(DatabaseError) in try Revocation(row) }
    }
}

extension Revocation {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        var reader = row.reader
        let kind = try reader.next(as: String.self)
        let identifier = try reader.next(as: UUID.self)
        subject = kind == "session" ? .session(identifier) : .user(identifier)
        validAfter = try reader.next()
        expiresAt = try reader.next()
    }
}

extension Revocation.Subject {
    fileprivate var kind: String {
        switch self {
        case .session: "session"
        case .user: "user"
        }
    }

    fileprivate var identifier: UUID {
        switch self {
        case .session(let identifier), .user(let identifier): identifier
        }
    }
}
