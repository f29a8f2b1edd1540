import Database
import Networking
import Postgres

/// Loads on the tables that `pgbench --initialize --scale 10` makes.
enum PostgresLoads {
    private static let rows = 1_000_000

    /// The statement of `pgbench --select-only`, one row by its primary key.
    static func reads(_ url: String, on group: EventLoopGroup, _ load: Load) async throws -> LoadFigures {
        try await run(url, on: group, load) { pool, random in
            let key = Int.random(in: 1...rows, using: &random)
            let found = try await pool.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(key)")
            guard let row = found.first else { throw MissingRow() }
            var reader = row.reader
            _ = try reader.next(as: Int.self)
        }
    }

    /// BEGIN, UPDATE of one row, COMMIT, each awaited.
    static func transactions(_ url: String, on group: EventLoopGroup, _ load: Load) async throws -> LoadFigures {
        try await run(url, on: group, load) { pool, random in
            let key = Int.random(in: 1...rows, using: &random)
            let changed = try await pool.transaction { transaction in
                try await transaction.query("UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = \(key)")
            }
            guard changed.changedCount == 1 else { throw MissingRow() }
        }
    }

    private static func run(
        _ url: String,
        on group: EventLoopGroup,
        _ load: Load,
        _ operation: @escaping Load.Operation<PostgresPool>
    ) async throws -> LoadFigures {
        let address = try PostgresAddress(url: url)
        return try await withStores(on: group) { loop in
            // As the API opens them.
            var settings = PostgresSettings()
            settings.maximumConnections = 4
            return PostgresPool(address, settings: settings, on: loop, logger: StateBench.logger)
        } close: {
            await $0.close()
        } _: { pools in
            // The connections come when they are needed.
            _ = try await Load(tasks: load.tasks, duration: .milliseconds(300)).run(on: pools, operation)
            return try await load.run(on: pools, operation)
        }
    }

    private struct MissingRow: Error {}
}
