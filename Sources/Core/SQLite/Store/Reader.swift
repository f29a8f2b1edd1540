internal import Database

/// A thread that reads, on a connection of its own. Every statement sees what was committed when it began.
struct Reader: Sendable {
    let connection: SQLiteConnection
    let line: WorkLine

    func serve() {
        connection.confineToCurrentThread()
        while let work = line.next(upTo: 1).first { work.finish(outcome(of: work)) }
    }

    private func outcome(of work: SQLiteWork) -> SQLiteWork.Outcome {
        guard case .statement(let sql) = work.request else { preconditionFailure("readers have no transactions") }
        do throws(DatabaseError) {
            switch try connection.executeIfReading(sql, within: work.bounds) {
            case .result(let result): return .result(result)
            case .writes: return .needsWriter(always: true)
            case .unclear: return .needsWriter(always: false)
            }
        } catch {
            return .failure(error)
        }
    }
}
