internal import Database
internal import Networking
internal import Operations
internal import Postgres
internal import Redis
internal import SQLite

/// The configured stores, opened for a loop.
extension StateSettings {
    /// The file that all loops of a process share; nil for Postgres.
    ///
    /// - Parameter isPatient: a statement may take as long as it takes, and wait for another process that is at the same.
    func openSQLite(isPatient: Bool = false) throws -> SQLiteStore? {
        guard case .sqlite(let location) = database else { return nil }
        var settings = SQLiteSettings()
        if isPatient {
            settings.removeTimeLimits()
            settings.readerCount = 1
        }
        return try SQLiteStore(location, settings: settings)
    }

    /// - Parameter sqlite: what `openSQLite` answered.
    func openDatabase(
        _ sqlite: SQLiteStore?,
        pool: PostgresSettings,
        on loop: EventLoop,
        logger: Logger
    ) -> any Database {
        switch database {
        case .postgres(let address): return PostgresPool(address, settings: pool, on: loop, logger: logger)
        case .sqlite:
            guard let sqlite else { preconditionFailure("the file is opened first") }
            return sqlite.database(on: loop)
        }
    }

    /// One connection for short questions: whether the database is there, and what was revoked lately. Nil without Postgres.
    func openWatch(named name: String, on loop: EventLoop, logger: Logger) -> (any Database)? {
        guard case .postgres(let address) = database else { return nil }
        var settings = PostgresSettings()
        settings.maximumConnections = 1
        settings.statementTimeout = .seconds(2)
        settings.applicationName = name
        return PostgresPool(address, settings: settings, on: loop, logger: logger)
    }

    /// Nil when none is configured.
    func openRedis(named name: String, resolver: BlockingPool, on loop: EventLoop, logger: Logger) -> RedisStore? {
        guard let redis else { return nil }
        var settings = RedisSettings(address: redis)
        settings.resolver = resolver
        settings.log = logger
        settings.clientName = name
        return RedisStore(RedisConnection.open(settings, on: loop))
    }
}
