internal import Database
internal import Linux

/// One piece of work for a thread of the store, and who waits for its outcome.
///
/// Whoever takes it out of its line owns it, and finishes it: a thread that carries it out, or a deadline or
/// cancellation that came first. The line's lock decides who that is.
final class SQLiteWork: @unchecked Sendable {
    // @unchecked: the continuation is set before the work goes into a line, and used by the one who takes it out.

    enum Request {
        case statement(SQL)
        /// Takes the writer for a transaction.
        case begin
        /// The rest comes from inside that transaction.
        case statementInTransaction(SQL)
        /// A script and a statement behind it, all of it or nothing.
        case scriptInTransaction(SQL, then: SQL)
        case commit
        case rollBack

        var isInTransaction: Bool {
            switch self {
            case .statement, .begin: false
            case .statementInTransaction, .scriptInTransaction, .commit, .rollBack: true
            }
        }
    }

    enum Outcome {
        case result(QueryResult)
        case failure(DatabaseError)
        /// A reader was given what is not only reading. Nothing has happened.
        case needsWriter

        static let done = Outcome.result(QueryResult(columns: [], values: [], changedCount: 0))
    }

    let request: Request
    let cancellation = StatementBounds.Cancellation()
    private let limit: Duration
    private var continuation: UnsafeContinuation<Outcome, Never>?

    /// - Parameter limit: how long it may take once it has begun.
    init(_ request: Request, limit: Duration) {
        self.request = request
        self.limit = limit
    }

    func expect(by continuation: UnsafeContinuation<Outcome, Never>) { self.continuation = continuation }

    /// To be called when it begins.
    var bounds: StatementBounds { StatementBounds(deadline: .now() + limit, cancellation: cancellation) }

    func finish(_ outcome: Outcome) {
        guard let continuation else { preconditionFailure("a piece of work was finished twice") }
        self.continuation = nil
        continuation.resume(returning: outcome)
    }
}
