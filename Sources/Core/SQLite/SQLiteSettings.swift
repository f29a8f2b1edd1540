internal import Linux

/// What a store takes, and for how long.
public struct SQLiteSettings: Sendable {
    /// Threads that read, each with a connection of its own. A database in memory has none.
    public var readerCount = max(1, min(8, ProcessInfo.processorCount))
    /// How many statements may wait for the writer, and how many for the readers; more are refused at once.
    public var queueLimit = 1_024
    /// How long a statement or a transaction may wait in line.
    public var waitLimit = Duration.seconds(5)
    /// How long one statement may take.
    public var statementLimit = Duration.seconds(30)
    /// How long to wait for another process, or another store, that holds the write lock.
    public var busyLimit = Duration.seconds(5)
    /// How many prepared statements each connection keeps.
    public var statementCacheLimit = 256
    /// How many waiting writes may share one commit. 1 gives each a commit of its own.
    public var groupCommitLimit = 64

    public init() {}

    /// For work that takes as long as it takes, such as a migration: of a statement, of its turn, and of another process that
    /// is at the same. (Eleven days; SQLite counts milliseconds in 31 bits.)
    public mutating func removeTimeLimits() {
        (waitLimit, statementLimit, busyLimit) = (.seconds(1_000_000), .seconds(1_000_000), .seconds(1_000_000))
    }
}
