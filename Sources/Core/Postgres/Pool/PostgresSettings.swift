/// How many connections a pool may have, and how long everything may take.
public struct PostgresSettings: Sendable {
    /// Connections kept even when nobody needs them; lost ones come back by themselves.
    public var minimumConnections = 1
    /// For one loop: the server sees this times the number of loops, times the number of programs.
    public var maximumConnections = 4
    /// How long a statement or a transaction waits in line for a connection.
    public var leaseTimeout = Duration.seconds(2)
    /// The same while the database is away and an attempt to reach it is under way.
    public var patienceWhileAway = Duration.milliseconds(250)
    /// Unless the URL names another.
    public var connectTimeout = Duration.seconds(3)
    /// After which the server ends a statement. The driver itself waits `graceTime` longer for an answer, counted from when
    /// the statement was asked for. Nil: no limit on either side.
    public var statementTimeout: Duration? = .seconds(5)
    /// A server that does not even report its own timeout within this time is taken for dead.
    public var graceTime = Duration.seconds(1)
    /// After which the server ends a statement that waits for a lock.
    public var lockTimeout: Duration? = .seconds(3)
    /// After which the server ends a transaction that nobody continues.
    public var idleInTransactionTimeout: Duration? = .seconds(15)
    /// A connection beyond the minimum that was of no use for so long is closed.
    public var idleTime = Duration.seconds(60)
    /// A shared connection with this many statements under way is busy: the pool grows if it may.
    public var busyDepth = 8
    /// A shared connection whose first statement takes longer holds up what is behind it: others are preferred, and the
    /// pool grows if it may.
    public var slowTime = Duration.milliseconds(5)
    /// A shared connection never has more statements under way; further ones wait in line.
    public var maximumDepth = 1_024
    /// Statements kept prepared on each connection.
    public var preparedStatementLimit = 256
    /// Shown in `pg_stat_activity`, unless the URL names another.
    public var applicationName = "gatehouse"

    public init() {}

    /// How long the driver waits for the answer to one statement.
    var responseTimeout: Duration? { statementTimeout.map { $0 + graceTime } }

    /// What the server is told with `-c`, as session defaults.
    var serverOptions: String {
        let timeouts: [(String, Duration?)] = [
            ("statement_timeout", statementTimeout), ("lock_timeout", lockTimeout),
            ("idle_in_transaction_session_timeout", idleInTransactionTimeout),
        ]
        let options = timeouts.map { name, time in "-c \(name)=\(time.map(PostgresSettings.milliseconds) ?? 0)" }
        return (options + ["-c timezone=UTC"]).joined(separator: " ")
    }

    /// At least one: for the server 0 means no limit.
    private static func milliseconds(_ time: Duration) -> Int64 {
        max(1, time.components.seconds * 1_000 + time.components.attoseconds / 1_000_000_000_000_000)
    }
}
