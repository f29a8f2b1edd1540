internal import Database
internal import Linux
internal import Networking
internal import Operations

extension PostgresConnection {
    func receiveUntilEnd() async {
        while isOpen {
            guard case .ready = await watched.readable() else { continue }
            receive()
        }
    }

    /// Takes what there is. PQconsumeInput reads once and does not say whether it left something, and no second event
    /// tells of that, so the socket is asked.
    func receive() {
        guard isOpen else { return }
        let isSound = consumeInput()
        collect()
        guard isOpen else { return }
        if !isSound { return end(.lost) }
        if !watched.descriptor.hasInput { watched.noteNothing() }
        if isFull { flush() }
    }

    func consumeInput() -> Bool {
        guard handle.usesTLS else { return handle.consumeInput() }
        // The TLS library holds a whole record, of at most 16,384 bytes, of which libpq may take no more than the 8,192
        // it makes room for: three reads leave nothing there.
        return handle.consumeInput() && handle.consumeInput() && handle.consumeInput()
    }

    func collect() {
        if script != nil { return collectScript() }
        let before = pipeline.count
        while isOpen, !pipeline.isEmpty, !handle.isBusy {

            do throws(StatementPipeline<StatementRequest>.Violation) {
                guard let reply = nextReply() else { return }
                if let completion = try pipeline.receive(reply) { complete(completion) }
            } catch {
                logger.error("the database answered out of turn: its connection is closed")
                return end(.lost)
            }
        }
        guard isOpen, pipeline.count < before else { return }
        startDeadline()
        onProgress?()
    }

    /// Nil when it ended the connection.
    func nextReply() -> StatementPipeline<StatementRequest>.Reply? {
        guard let result = handle.nextResult() else { return .end }
        switch result.status {
        case .complete: return answer(of: result)
        case .synchronised: return .synchronised
        case .skipped: return .skipped
        case .failed:
            let failure = result.failure
            guard failure.sqlState != nil else {
                end(.lost)
                return nil
            }
            return reply(of: failure)
        case .unexpected:
            // COPY waits for us to take part, and there is no way around it.
            let error = DatabaseError(.other, message: "the statement is of a kind that this driver does not do")
            pipeline.current?.request.finish(.failure(error))
            end(.lost)
            return nil
        }
    }

    func answer(of result: borrowing PostgresResult) -> StatementPipeline<StatementRequest>.Reply {
        guard let (request, stage) = pipeline.current, stage == .executing else {
            return .success(QueryResult(columns: [], values: [], changedCount: 0))
        }
        if request.isCommit, result.commandTag != "COMMIT" {
            let error = DatabaseError(
                .other,
                sqlState: "25P02",
                message: "the transaction had failed, and was rolled back"
            )
            return .failure(error, isFatal: false)
        }
        do throws(DatabaseError) {
            var layout = request.prepared?.layout
            let rows = try result.rows(layout: &layout)
            request.prepared?.layout = layout
            return .success(rows)
        } catch {
            return .failure(error, isFatal: false)
        }
    }

    func reply(of failure: ServerFailure) -> StatementPipeline<StatementRequest>.Reply {
        guard let request = pipeline.current?.request else { return .failure(failure.error, isFatal: failure.isFatal) }
        if failure.isStaleStatement, let prepared = request.prepared {
            statements.forget(prepared, isOnServer: failure.sqlState != "26000")
            request.isStale = true
        }
        if failure.isFatal, request.isCommit {
            return .failure(DatabaseError(.connectionLost, sqlState: failure.sqlState), isFatal: true)
        }
        return .failure(failure.error, isFatal: failure.isFatal)
    }

    func complete(_ completion: StatementPipeline<StatementRequest>.Completion) {
        let request = completion.request
        if completion.wasPrepareRefused, let prepared = request.prepared {
            statements.forget(prepared, isOnServer: false)
        }
        guard request.isStale else { return request.finish(completion.outcome) }
        request.isStale = false
        if isLeased {
            // The transaction has failed with it; done again as a whole it will succeed.
            request.finish(.failure(DatabaseError(.conflict, message: "the schema was changed meanwhile")))
        } else if request.wasPreparedAgain {
            request.finish(completion.outcome)
        } else {
            request.wasPreparedAgain = true
            send(request)
        }
    }
}
