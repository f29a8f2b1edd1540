internal import Database

/// The thread that writes, and for a database in memory reads too, on the one connection that may.
struct Writer: Sendable {
    let connection: SQLiteConnection
    let line: WorkLine
    let groupLimit: Int

    func serve() {
        connection.confineToCurrentThread()
        while true {
            let works = line.next(upTo: groupLimit)
            if works.isEmpty { break }
            if works.count > 1 { runTogether(works) } else { runAlone(works[0]) }
        }
        // Closed in the middle of a transaction: it was not committed.
        connection.rollBack()
    }

    /// To be called when the readers are gone.
    func end() {
        connection.confineToCurrentThread()
        connection.checkpoint()
    }
}

// MARK: - One piece of work

extension Writer {
    private func runAlone(_ work: SQLiteWork) {
        do throws(DatabaseError) {
            work.finish(.result(try result(of: work)))
        } catch {
            work.finish(.failure(error))
        }
    }

    private func result(of work: SQLiteWork) throws(DatabaseError) -> QueryResult {
        let nothing = QueryResult(columns: [], values: [], changedCount: 0)
        switch work.request {
        case .statement(let sql):
            try checkRest()
            return try connection.execute(sql, within: work.bounds)
        case .begin:
            do throws(DatabaseError) {
                try checkRest()
                try connection.begin()
            } catch {
                line.release()
                throw error
            }
            return nothing
        case .statementInTransaction(let sql):
            // An error can roll back by itself, and what follows would then be committed piece by piece.
            guard connection.isInTransaction else { throw .transactionOver }
            return try connection.execute(sql, within: work.bounds)
        case .commit:
            defer { line.release() }
            try connection.commit()
            return nothing
        case .rollBack:
            defer { line.release() }
            connection.rollBack()
            return nothing
        }
    }

    private func checkRest() throws(DatabaseError) {
        guard connection.isAtRest else {
            throw DatabaseError(.unavailable, message: "an earlier transaction can not be rolled back")
        }
    }
}

// MARK: - Group commit

/// A commit waits for the disk, and that one wait can serve many.
///
/// Independent statements that wait together run in one transaction, and nobody hears of success before it is
/// committed. A statement that violates a constraint has undone itself and does not touch the others. Anything else
/// that goes wrong undoes them all, and then each runs by itself, as if they had come one by one.
extension Writer {
    private func runTogether(_ works: [SQLiteWork]) {
        do throws(DatabaseError) {
            try checkRest()
            try connection.begin()
        } catch {
            // Not one by one: each would wait for the lock as long as this has.
            for work in works { work.finish(.failure(error)) }
            return
        }
        var outcomes: [SQLiteWork.Outcome] = []
        for work in works {
            let outcome = outcomeInGroup(of: work)
            outcomes.append(outcome)
            if !leavesGroupIntact(outcome) { return runOneByOne(works, known: outcomes) }
        }
        do throws(DatabaseError) {
            try connection.commit()
        } catch {
            return runOneByOne(works, known: [])
        }
        for (work, outcome) in zip(works, outcomes) { work.finish(outcome) }
    }

    private func outcomeInGroup(of work: SQLiteWork) -> SQLiteWork.Outcome {
        guard case .statement(let sql) = work.request else { preconditionFailure("groups are of single statements") }
        do throws(DatabaseError) {
            return .result(try connection.execute(sql, within: work.bounds))
        } catch {
            return .failure(error)
        }
    }

    private func leavesGroupIntact(_ outcome: SQLiteWork.Outcome) -> Bool {
        // A deferred foreign key is checked by the commit, and would be everybody's failure.
        guard connection.isInTransaction, !connection.hasUnresolvedForeignKeys else { return false }
        if case .failure(let error) = outcome { return error.isViolation }
        return true
    }

    private func runOneByOne(_ works: [SQLiteWork], known outcomes: [SQLiteWork.Outcome]) {
        connection.rollBack()
        for (index, work) in works.enumerated() {
            // Its time was up, or nobody wants it any more: that would be so again.
            if index < outcomes.count, case .failure(let error) = outcomes[index], error.isInterruption {
                work.finish(.failure(error))
            } else {
                runAlone(work)
            }
        }
    }
}

extension DatabaseError {
    fileprivate var isViolation: Bool {
        switch code {
        case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .ruleViolation: true
        default: false
        }
    }

    fileprivate var isInterruption: Bool { code == .timeout || code == .cancelled }
}
