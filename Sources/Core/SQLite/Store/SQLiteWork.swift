internal import Database
internal import Linux
internal import Networking

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
        case commit
        case rollBack

        var isInTransaction: Bool {
            switch self {
            case .statement, .begin: false
            case .statementInTransaction, .commit, .rollBack: true
            }
        }
    }

    enum Outcome: Sendable {
        case result(QueryResult)
        case failure(DatabaseError)
        /// A reader was given what is not for it, now or ever. Nothing has happened.
        case needsWriter(always: Bool)

    }

    let request: Request
    let cancellation = StatementBounds.Cancellation()
    private let limit: Duration
    private let loop: EventLoop
    private var continuation: UnsafeContinuation<Outcome, Never>?

    /// - Parameters:
    ///   - limit: how long it may take once it has begun.
    ///   - loop: where its outcome is waited for.
    init(_ request: Request, limit: Duration, on loop: EventLoop) {
        self.request = request
        self.limit = limit
        self.loop = loop
    }

    func expect(by continuation: UnsafeContinuation<Outcome, Never>) { self.continuation = continuation }

    /// To be called when it begins.
    var bounds: StatementBounds { StatementBounds(deadline: .now() + limit, cancellation: cancellation) }

    /// Resumes on the loop, which costs no more: a continuation that another thread resumes before its task has come to
    /// rest is handed over inside the runtime, where the thread sanitizer sees a race.
    func finish(_ outcome: Outcome) {
        guard let continuation else { preconditionFailure("a piece of work was finished twice") }
        self.continuation = nil
        loop.execute { continuation.resume(returning: outcome) }
    }
}
