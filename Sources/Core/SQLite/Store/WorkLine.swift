internal import Database
internal import Linux

/// Work that waits for the writer, or for one of the readers, in the order it came.
///
/// The writer's line is held by one transaction at a time, whose work comes before everybody else's.
final class WorkLine: Sendable {
    private struct State {
        var waiting: [SQLiteWork] = []
        /// How many at the front of `waiting` have been taken: an array that is emptied from the front moves everything
        /// each time.
        var taken = 0
        var inTransaction: [SQLiteWork] = []
        var isHeld = false
        var isClosed = false

        var waitingCount: Int { waiting.count - taken }
    }

    private let state = Monitor(State())
    private let limit: Int

    init(limit: Int) {
        precondition(limit > 0, "a line needs a place")
        self.limit = limit
    }

    /// Answers why the work was refused; then nobody else has it.
    func submit(_ work: SQLiteWork) -> DatabaseError? {
        state.update { state in
            if state.isClosed { return DatabaseError(.unavailable, message: "the database is closed") }
            // Cancelling sets the mark and then looks for the work here: it sees the work, or we see the mark.
            if work.cancellation.isRequested { return DatabaseError(.cancelled) }
            if work.request.isInTransaction {
                guard state.isHeld else { return .transactionOver }
                state.inTransaction.append(work)
                return nil
            }
            guard state.waitingCount < limit else {
                return DatabaseError(.poolExhausted, message: "too many statements are waiting already")
            }
            state.waiting.append(work)
            return nil
        }
    }

    /// Takes the work out again. False when a thread has it already.
    func remove(_ work: SQLiteWork) -> Bool {
        state.update { state in
            if let index = state.inTransaction.firstIndex(where: { $0 === work }) {
                state.inTransaction.remove(at: index)
                return true
            }
            guard let index = state.waiting[state.taken...].firstIndex(where: { $0 === work }) else { return false }
            state.waiting.remove(at: index)
            return true
        }
    }

    /// Waits for work. Answers one piece, or up to `limit` single statements that stand behind each other; none when
    /// the line is closed. Taking `begin` holds the line.
    func next(upTo limit: Int) -> [SQLiteWork] {
        state.wait { state in
            if state.isClosed { return [] }
            if state.isHeld { return state.inTransaction.isEmpty ? nil : [state.inTransaction.removeFirst()] }
            return WorkLine.takeWaiting(&state, upTo: limit)
        }
    }

    private static func takeWaiting(_ state: inout State, upTo limit: Int) -> [SQLiteWork]? {
        var works: [SQLiteWork] = []
        taking: while works.count < limit, state.taken < state.waiting.count {
            let work = state.waiting[state.taken]
            switch work.request {
            case .statement: works.append(work)
            case .begin where works.isEmpty:
                state.isHeld = true
                works.append(work)
            default: break taking
            }
            state.taken += 1
            if state.isHeld { break }
        }
        if state.taken == state.waiting.count {
            state.waiting.removeAll(keepingCapacity: true)
            state.taken = 0
        } else if state.taken >= 512 {
            state.waiting.removeFirst(state.taken)
            state.taken = 0
        }
        return works.isEmpty ? nil : works
    }

    /// The transaction is over. Its late work, of tasks that nobody waited for, fails.
    func release() {
        let late = state.update { state in
            defer { state.inTransaction = [] }
            state.isHeld = false
            return state.inTransaction
        }
        for work in late { work.finish(.failure(.transactionOver)) }
    }

    /// What waits fails, and so does what comes. Threads that wait for work wake.
    func close() {
        let rest = state.update(wakingAll: true) { state in
            defer { (state.waiting, state.taken, state.inTransaction) = ([], 0, []) }
            state.isClosed = true
            return state.waiting[state.taken...] + state.inTransaction
        }
        for work in rest { work.finish(.failure(DatabaseError(.unavailable, message: "the database was closed"))) }
    }

    var waitingCount: Int { state.update { $0.waitingCount } }
}

extension DatabaseError {
    static var transactionOver: DatabaseError { DatabaseError(.other, message: "the transaction is over") }
}
