public import Database
internal import Linux
internal import Networking

/// A SQLite database as one loop sees it. Lives on that loop; statements run on the threads of the store.
public final class SQLiteDatabase: Database {
    public var dialect: DatabaseDialect { .sqlite }
    let loop: EventLoop
    private let store: SQLiteStore
    /// Statements that are known to write. What is not here is tried on a reader first, which tells.
    private var writes: Set<String> = []
    /// Tasks that have a transaction open, to tell them what they would otherwise wait for in vain.
    private var holders: Set<Int> = []
    private var isClosed = false

    /// How long its statements and transactions wait in line.
    var waitLimit: Duration

    private var settings: SQLiteSettings { store.settings }

    private static let knownWritesLimit = 2_000

    init(store: SQLiteStore, loop: EventLoop) {
        self.store = store
        self.loop = loop
        waitLimit = store.settings.waitLimit
    }

    /// A cancelled task ends its statement, which then has changed nothing.
    ///
    /// A text without parameters may hold several statements: they are carried out all or not at all, and the result is
    /// that of the last one.
    public func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        try await query(statement, waitLimit: waitLimit, limit: settings.statementLimit)
    }

    public func ping(timeout: Duration) async throws(DatabaseError) -> Duration {
        let start = MonotonicTime.now()
        _ = try await query("SELECT count(*) FROM sqlite_schema", waitLimit: timeout, limit: timeout)
        return .now() - start
    }

    /// Refuses further statements. The store stays open, for other loops: see `SQLiteStore.close`.
    public func close() async {
        loop.assertCurrent()
        isClosed = true
    }
}

// MARK: - Statements

extension SQLiteDatabase {
    private func query(_ sql: SQL, waitLimit: Duration, limit: Duration) async throws(DatabaseError) -> QueryResult {
        loop.assertCurrent()
        if let readers = store.readers, !writes.contains(sql.text) {
            switch await carryOut(.statement(sql), in: readers, waitLimit: waitLimit, limit: limit) {
            case .result(let result): return result
            case .failure(let error): throw error
            case .needsWriter(let always): if always { noteWrite(sql.text) }
            }
        }
        try checkIsNoHolder()
        return try await resultOf(.statement(sql), waitLimit: waitLimit, limit: limit)
    }

    private func noteWrite(_ text: String) {
        if writes.count >= SQLiteDatabase.knownWritesLimit { writes.removeAll() }
        writes.insert(text)
    }

    private func resultOf(
        _ request: SQLiteWork.Request,
        waitLimit: Duration,
        limit: Duration
    ) async throws(DatabaseError) -> QueryResult {
        switch await carryOut(request, in: store.writers, waitLimit: waitLimit, limit: limit) {
        case .result(let result): return result
        case .failure(let error): throw error
        case .needsWriter: preconditionFailure("the writer writes")
        }
    }

    /// Puts work into a line and waits for it to be done, to be refused, or to have waited too long.
    private func carryOut(
        _ request: SQLiteWork.Request,
        in line: WorkLine,
        waitLimit: Duration,
        limit: Duration
    ) async -> SQLiteWork.Outcome {
        if isClosed { return .failure(DatabaseError(.unavailable, message: "the database is closed")) }
        let work = SQLiteWork(request, limit: limit, on: loop)
        let timer = Timer(loop: loop)
        timer.action = {
            guard line.remove(work) else { return }
            work.finish(.failure(DatabaseError(.timeout, message: "waited too long for its turn")))
        }
        timer.move(to: loop.now + waitLimit)
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await SQLiteDatabase.wait(for: work, in: line)
        } onCancel: {
            work.cancellation.request()
            if line.remove(work) { work.finish(.failure(DatabaseError(.cancelled))) }
        }
    }

    private static func wait(for work: SQLiteWork, in line: WorkLine) async -> SQLiteWork.Outcome {
        await withUnsafeContinuation { continuation in
            work.expect(by: continuation)
            if let refusal = line.submit(work) { work.finish(.failure(refusal)) }
        }
    }
}

// MARK: - Transactions

extension SQLiteDatabase {
    /// The writer belongs to the transaction until it ends, so `body` does nothing slow, and nothing through the
    /// database itself: a write of the same task is refused, one of another task waits.
    ///
    /// As with Postgres, a statement that fails spoils the transaction: the rest of its statements fail, and it is
    /// rolled back whatever `body` does about it.
    public func transaction<Value>(_ body: (any QueryExecutor) async throws -> Value) async throws -> Value {
        let holder = try await takeWriter()
        defer { holders.remove(holder) }
        let transaction = SQLiteTransaction(on: self)
        let value: Value
        do {
            defer { transaction.end() }
            value = try await body(transaction)
            if let failure = transaction.failure { throw failure }
            if Task.isCancelled { throw DatabaseError(.cancelled) }
        } catch {
            _ = await endTransaction(.rollBack)
            throw error
        }
        if let failure = await endTransaction(.commit) { throw failure }
        return value
    }

    /// Waits for its turn, and answers who holds the writer now.
    private func takeWriter() async throws(DatabaseError) -> Int {
        loop.assertCurrent()
        try checkIsNoHolder()
        _ = try await resultOf(.begin, waitLimit: waitLimit, limit: settings.statementLimit)
        let holder = SQLiteDatabase.currentTask
        holders.insert(holder)
        return holder
    }

    func queryInTransaction(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        // The line is the transaction's own: only another statement of it could be waited for.
        let limit = settings.statementLimit
        return try await resultOf(.statementInTransaction(statement), waitLimit: limit, limit: limit)
    }

    /// Neither waits for anybody, and a cancelled task ends its transaction too.
    private func endTransaction(_ request: SQLiteWork.Request) async -> DatabaseError? {
        let work = SQLiteWork(request, limit: settings.statementLimit, on: loop)
        guard case .failure(let error) = await SQLiteDatabase.wait(for: work, in: store.writers) else { return nil }
        return error
    }

    private func checkIsNoHolder() throws(DatabaseError) {
        guard !holders.isEmpty, holders.contains(SQLiteDatabase.currentTask) else { return }
        throw DatabaseError(.other, message: "inside a transaction statements go through its executor")
    }

    /// Different for all tasks that live now. 0 outside of any.
    private static var currentTask: Int { withUnsafeCurrentTask { $0?.hashValue ?? 0 } }
}
