internal import Database
internal import Linux

/// The audit in the database: it is added to, never changed. Each method is one statement.
struct AuditRepository {
    let executor: any QueryExecutor

    func add(_ entry: AuditEntry) async throws(DatabaseError) {
        _ = try await executor.query(
            """
            INSERT INTO audit (id, at, actor_id, actor_name, action, is_success, target_id, target_name, before, after,
                address, request_id)
            VALUES (\(entry.id), \(entry.at), \(entry.actor), \(entry.actorName), \(entry.action), \(entry.isSuccess),
                \(entry.target), \(entry.targetName), \(entry.before), \(entry.after), \(entry.address),
                \(entry.requestID))
            """
        )
    }

    /// A page, the newest first. What is before it is skipped in an index.
    func page(_ query: AuditQuery) async throws(DatabaseError) -> [AuditEntry] {
        let result = try await executor.query(
            """
            SELECT id, at, actor_id, actor_name, action, is_success, target_id, target_name, before, after, address,
                request_id
            FROM audit WHERE id IN (
                SELECT id FROM audit WHERE \(AuditRepository.condition(query)) ORDER BY at DESC, id DESC
                \(.limit(query.limit, offset: query.offset))
            ) ORDER BY at DESC, id DESC
            """
        )
        return try result.map { (row) throws(DatabaseError) in
            var reader = row.reader
            return AuditEntry(
                id: try reader.next(),
                at: try reader.next(),
                actor: try reader.nextIfPresent(),
                actorName: try reader.next(),
                action: try reader.next(),
                isSuccess: try reader.next(),
                target: try reader.nextIfPresent(),
                targetName: try reader.next(),
                before: try reader.nextIfPresent(),
                after: try reader.nextIfPresent(),
                address: try reader.next(),
                requestID: try reader.next()
            )
        }
    }

    /// How many a query finds, up to a limit.
    func count(_ query: AuditQuery, upTo limit: Int) async throws(DatabaseError) -> Int {
        let result = try await executor.query(
            """
            SELECT count(*) AS count FROM
                (SELECT 1 AS one FROM audit WHERE \(AuditRepository.condition(query)) LIMIT \(number: limit)) AS found
            """
        )
        guard let row = result.first else { return 0 }
        var reader = row.reader
        return try reader.next()
    }

    private static func condition(_ query: AuditQuery) -> SQL {
        var conditions: [SQL] = []
        if let actor = query.actor { conditions.append("actor_id = \(actor)") }
        if let action = query.action { conditions.append("action = \(action)") }
        if let since = query.since { conditions.append("at >= \(since)") }
        if let until = query.until { conditions.append("at < \(until)") }
        return conditions.isEmpty ? "1 = 1" : SQL.joined(conditions, by: " AND ")
    }
}
