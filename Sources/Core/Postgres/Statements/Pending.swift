internal import Database
internal import Linux

/// Somebody who waits for an outcome. The first one that is given counts, later ones are dropped.
///
/// Belongs to a loop.
class Pending<Value> {
    private var outcome: Result<Value, DatabaseError>?
    private var waiter: UnsafeContinuation<Void, Never>?

    var isFinished: Bool { outcome != nil }

    /// Waits until there is an outcome. For one task.
    func wait() async {
        if outcome == nil { await withUnsafeContinuation { waiter = $0 } }
    }

    /// Waits for the outcome. For one task.
    func value() async throws(DatabaseError) -> Value {
        await wait()
        guard let outcome else { preconditionFailure("a wait ended without an outcome") }
        return try outcome.get()
    }

    func finish(_ outcome: Result<Value, DatabaseError>) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        waiter?.resume()
        waiter = nil
    }
}

/// A statement on its way.
final class StatementRequest: Pending<QueryResult> {
    let statement: SQL
    /// A COMMIT of a transaction that has failed is a ROLLBACK to the server, and no error.
    let isCommit: Bool
    /// When it was first asked for: it may wait for a connection, and go over another one when that breaks.
    private(set) var issued = MonotonicTime.distantFuture
    /// What it was executed with.
    var prepared: PreparedStatement?
    /// The server refused, since it does not have the statement in this form.
    var isStale = false
    var wasPreparedAgain = false

    init(_ statement: SQL, isCommit: Bool = false) {
        self.statement = statement
        self.isCommit = isCommit
    }

    func issue(at time: MonotonicTime) { issued = min(issued, time) }
}
