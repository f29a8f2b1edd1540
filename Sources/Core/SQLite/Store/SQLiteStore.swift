public import Database
internal import Linux
public import Networking

/// A database of this process: one connection that writes, some that read, each on a thread of its own.
///
/// Made once, before the loops have work; each loop gets its view by `database(on:)`. Any thread may use it. A
/// statement that only reads sees everything that was acknowledged before it was issued, on whatever loop.
///
/// Every commit is on the disk before it is acknowledged (WAL with synchronous=FULL). Writes that wait together share
/// one commit, so that many clients are not slowed down by the disk as one is.
///
/// What a schema has to know:
/// - What is unique is declared by `CREATE UNIQUE INDEX name ON …`: SQLite forgets the name of a UNIQUE constraint.
/// - A violated foreign key is reported without a name.
/// - A trigger that says `RAISE(ABORT, 'name_of_rule')` is a `ruleViolation` of that name.
/// - `lower()` and LIKE fold ASCII letters only; Postgres's `lower()` follows the locale of the database, and its LIKE
///   does not fold at all. So what may hold other letters is folded by the program.
/// - Booleans are 0 and 1, identifiers 16 bytes, times microseconds since 1970.
public final class SQLiteStore: Sendable {
    public let location: SQLiteLocation
    let settings: SQLiteSettings
    let writers: WorkLine
    /// Nil in memory, where everything goes to the writer.
    let readers: WorkLine?
    private let ending = Lock(Ending())

    private struct Ending: Sendable {
        var hasEnded = false
        var waiting: [UnsafeContinuation<Void, Never>] = []
    }

    /// Opens the file, making it when there is none, readable for its owner only. The folder must exist.
    ///
    /// Blocks, for as long as `busyLimit` when others open it at the same time: not for a loop.
    public init(_ location: SQLiteLocation, settings: SQLiteSettings = SQLiteSettings()) throws(DatabaseError) {
        self.location = location
        self.settings = settings
        if case .file(let path) = location { try SQLiteStore.prepareFile(path) }
        writers = WorkLine(limit: settings.queueLimit)
        let writer = Writer(
            connection: try SQLiteConnection(location, role: .writer, settings: settings),
            line: writers,
            groupLimit: location == .memory ? 1 : settings.groupCommitLimit
        )
        var readerThreads: [Reader] = []
        if location == .memory {
            readers = nil
        } else {
            precondition(settings.readerCount > 0, "a file is read by readers")
            let line = WorkLine(limit: settings.queueLimit)
            for _ in 0..<settings.readerCount {
                let connection = try SQLiteConnection(location, role: .reader, settings: settings)
                readerThreads.append(Reader(connection: connection, line: line))
            }
            readers = line
        }
        do throws(SystemError) {
            try start(writer, readerThreads)
        } catch {
            // Those that run already end by this.
            readers?.close()
            writers.close()
            throw DatabaseError(.unavailable, message: "no thread for the database: \(error)")
        }
    }

    /// Threads hold their connections but not the store: one that is let go without being closed ends them too.
    deinit {
        readers?.close()
        writers.close()
    }

    private static func prepareFile(_ path: String) throws(DatabaseError) {
        do throws(SystemError) {
            _ = try File(creating: path)
            return
        } catch {
            // It is there already, or SQLite will say what is wrong.
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let status = try? File.status(path: folder), status.isDirectory else {
            throw DatabaseError(.unavailable, message: "the folder \(folder) for the database does not exist")
        }
    }

    private func start(_ writer: Writer, _ readers: [Reader]) throws(SystemError) {
        var threads: [SystemThread] = []
        for (index, reader) in readers.enumerated() {
            threads.append(try SystemThread.start(name: "sqlite-read-\(index)") { reader.serve() })
        }
        let handover = Lock<Writer?>(writer)
        let thread = try SystemThread.start(name: "sqlite-write") { [ending, threads] in
            SQLiteStore.run(handover, untilEndOf: threads)
            let waiting = ending.withLock { ending in
                ending.hasEnded = true
                return ending.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
        // It is waited for by `close`, which must not hold up a loop.
        thread.detach()
    }

    /// The writer is taken out of the handover, so that its connection is closed when this returns: the thread's
    /// closure would keep it for longer.
    private static func run(_ handover: Lock<Writer?>, untilEndOf readers: [SystemThread]) {
        guard let writer = handover.withLock({ $0.take() }) else { preconditionFailure("a writer was started twice") }
        writer.serve()
        for reader in readers { reader.join() }
        writer.end()
    }
}

extension SQLiteStore {
    /// The view of one loop, to be used there.
    public func database(on loop: EventLoop) -> SQLiteDatabase { SQLiteDatabase(store: self, loop: loop) }

    /// Ends the threads and closes the file, with everything moved from the log into it. Statements that wait fail with
    /// `unavailable`, those that run are finished, a transaction that is open is rolled back.
    ///
    /// May be called again, and returns when all is closed.
    public func close() async {
        readers?.close()
        writers.close()
        await withUnsafeContinuation { continuation in
            let hasEnded = ending.withLock { ending in
                if !ending.hasEnded { ending.waiting.append(continuation) }
                return ending.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}
