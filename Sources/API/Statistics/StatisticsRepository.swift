internal import Database

/// What happened on each day, in the database. Each method is one statement.
struct StatisticsRepository {
    let executor: any QueryExecutor

    struct Count: Equatable, Sendable {
        /// Since 1970, in UTC.
        let day: Int
        let event: String
        let count: Int
    }

    /// Adds to what others have counted.
    func add(_ counts: [Count]) async throws(DatabaseError) {
        if counts.isEmpty { return }
        // In one order, so that two programs at once wait for each other in no circle.
        let rows = counts.sorted { ($0.day, $0.event) < ($1.day, $1.event) }.map { count -> SQL in
            "(\(count.day), \(count.event), \(count.count))"
        }
        _ = try await executor.query(
            """
            INSERT INTO daily_counts (day, event, count) VALUES \(SQL.joined(rows, by: ", "))
            ON CONFLICT (day, event) DO UPDATE SET count = daily_counts.count + excluded.count
            """
        )
    }

    func counts(since day: Int) async throws(DatabaseError) -> [Count] {
        let result = try await executor.query(
            "SELECT day, event, count FROM daily_counts WHERE day >= \(day) ORDER BY day, event"
        )
        return try result.map { (row) throws(DatabaseError) in
            var reader = row.reader
            return Count(day: try reader.next(), event: try reader.next(), count: try reader.next())
        }
    }
}
