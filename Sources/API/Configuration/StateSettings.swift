internal import Contract
internal import Database
public import Operations
public import Postgres
public import Redis
public import SQLite

/// Where the API keeps what must last, and what may vanish.
public struct StateSettings: Sendable {
    public enum DatabaseLocation: Sendable {
        case postgres(PostgresAddress)
        case sqlite(SQLiteLocation)
    }

    public let database: DatabaseLocation
    /// For each loop.
    public let databasePoolSize: Int
    /// Nil: in the memory of this process.
    public let redis: RedisAddress?
    /// Nothing was said of either store: all is here.
    let isEmbedded: Bool
    /// Where the migrations are; nil: beside the program or where it runs.
    public let migrationsPath: String?

    static let defaultDatabase = "sqlite:gatehouse.db"

    public init(_ reader: ConfigurationReader) {
        let location: DatabaseLocation?
        (location, databasePoolSize, migrationsPath) = reader.group("Database") {
            (
                reader.optionalSecret(
                    "DATABASE_URL",
                    help: "Where durable state is kept; unset: \(StateSettings.defaultDatabase)",
                    expects: "postgresql://user:password@host/name, sqlite:PATH or sqlite::memory:",
                    parse: StateSettings.location
                ),
                reader.integer(
                    "DATABASE_POOL_SIZE",
                    default: 4,
                    in: 1...256,
                    unit: "connections",
                    help: "Most connections to Postgres, for each event loop, beside the one that watches it"
                ),
                reader.optionalText("MIGRATIONS_PATH", help: "The folder init of this repository; unset: looked for")
            )
        }
        redis = reader.group("Redis") {
            reader.optionalSecret(
                "REDIS_URL",
                help: "Where copies of revocations, counters and web sessions are kept; unset: in this process",
                expects: "redis://user:password@host:port/database or unix:/path",
                parse: { try? RedisAddress($0) }
            )
        }
        database = location ?? .sqlite(.file(path: "gatehouse.db"))
        isEmbedded = location == nil && redis == nil
    }

    private static func location(_ url: String) -> DatabaseLocation? {
        if let location = SQLiteLocation(url: url) { return .sqlite(location) }
        return (try? PostgresAddress(url: url)).map { .postgres($0) }
    }
}
