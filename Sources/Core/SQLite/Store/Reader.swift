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
            guard let result = try connection.executeIfReading(sql, within: work.bounds) else { return .needsWriter }
            return .result(result)
        } catch {
            return .failure(error)
        }
    }
}
