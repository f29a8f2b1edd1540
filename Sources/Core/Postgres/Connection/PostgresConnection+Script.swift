internal import Database
internal import Linux
internal import Networking
internal import Operations

extension PostgresConnection {
    struct ScriptRun {
        let text: String
        let pending = Pending<Void>()
        var failure: DatabaseError?
    }

    /// Runs many statements, parted by semicolons; what they answer is dropped. The connection must be leased, with
    /// nothing else under way.
    func run(script text: String) async throws(DatabaseError) {
        loop.assertCurrent()
        precondition(isOpen && depth == 0, "a script needs a connection to itself")
        guard !text.utf8.contains(0) else { throw DatabaseError(.other, message: "a script holds a zero byte") }
        let run = ScriptRun(text: text)
        script = run
        if handle.sendScript(text) { flush() } else { end(.lost) }
        try await run.pending.value()
    }

    func collectScript() {
        while isOpen, let run = script, !handle.isBusy {
            guard let result = handle.nextResult() else {
                script = nil
                guard handle.returnToPipeline() else {
                    run.pending.finish(.failure(DatabaseError(.connectionLost)))
                    return end(.lost)
                }
                return run.pending.finish(run.failure.map { .failure($0) } ?? .success(()))
            }
            switch result.status {
            case .complete: break
            case .failed:
                let failure = result.failure
                script?.failure = run.failure ?? failure.error(in: run.text)
            // COPY, which would have to be fed.
            case .synchronised, .skipped, .unexpected: return end(.lost)
            }
        }
    }
}
