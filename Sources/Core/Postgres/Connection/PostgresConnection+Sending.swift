internal import Database
internal import Linux
internal import Networking
internal import Operations

extension PostgresConnection {
    /// Sends a statement at the end of this turn. When the connection ends before that, the request goes to `onEnd`.
    func send(_ request: StatementRequest) {
        loop.assertCurrent()
        precondition(isOpen, "a statement for a connection that has ended")
        lastUse = loop.now
        request.issue(at: loop.now)
        outgoing.append(request)
        promiseFlush()
    }

    func promiseFlush() {
        // While the server takes nothing, statements wait here, where they are known not to have left.
        if isFlushPromised || isFull { return }
        isFlushPromised = true
        loop.callAtTurnEnd(self)
    }

    func turnEnded() {
        isFlushPromised = false
        guard isOpen, !isFull else { return }
        let wasIdle = pipeline.isEmpty
        var count = 0
        while count < outgoing.count, !isFull {
            let request = outgoing[count]
            count += 1
            guard transmit(request), push() else {
                // Whether libpq has passed any of it on is unknown.
                pipeline.append(request, isPreparing: false)
                outgoing.removeFirst(count)
                return end(.lost)
            }
        }
        outgoing.removeFirst(count)
        if !isLeased, !isFull { transmitHousekeeping() }
        guard isOpen else { return }
        if wasIdle { startDeadline() }
        flush()
    }

    /// Hands a statement to libpq; false when that refuses.
    func transmit(_ request: StatementRequest) -> Bool {
        // Its deadline has passed while it waited.
        if request.isFinished { return true }
        do throws(DatabaseError) {
            try parameters.encode(request.statement.binds)
        } catch {
            request.finish(.failure(error))
            return true
        }
        let key = PreparedStatement.Key(text: request.statement.text, types: parameters.types)
        // One that was refused before goes as the statement without a name, which is nobody else's: whether the one in the
        // cache will do is unknown until the server has answered. So does one that is planned anew each time: the server
        // may come to prefer one plan for all that a statement with a name was ever given.
        let isNameless = request.wasPreparedAgain || request.statement.isPlannedAnew
        let (statement, isNew) =
            isNameless ? (PreparedStatement(key: key, name: ""), true) : statements.statement(for: key)
        request.prepared = statement
        if isNew {
            guard !key.text.utf8.contains(0) else {
                statements.forget(statement, isOnServer: false)
                request.finish(.failure(DatabaseError(.other, message: "a statement holds a zero byte")))
                return true
            }
            guard handle.sendPrepare(key.text, as: statement.name, types: key.types) else { return false }
        }
        guard handle.sendExecute(statement.name, &parameters), handle.sendSync() else { return false }
        pipeline.append(request, isPreparing: isNew)
        return true
    }

    /// Lets the server forget statements that were not used for long. Nobody waits for that.
    func transmitHousekeeping() {
        if statements.discarded.isEmpty { return }
        for name in statements.takeDiscarded() {
            guard handle.sendCommand("DEALLOCATE \(name)"), handle.sendSync() else { return end(.lost) }
            pipeline.append(StatementRequest("DEALLOCATE"), isPreparing: false)
        }
    }

    /// > After sending any command or data on a nonblocking connection, call PQflush. If it returns 1, wait for the socket
    /// > to become read- or write-ready. If it becomes write-ready, call PQflush again. If it becomes read-ready, call
    /// > PQconsumeInput, then call PQflush again. Repeat until PQflush returns 0.
    func flush() {
        guard isOpen else { return }
        guard push() else { return end(.lost) }
        if !isFull, !outgoing.isEmpty { promiseFlush() }
        // A flush that finds no room reads, lest both sides wait for each other: answers may have come by that way.
        collect()
    }

    /// PQflush; false when the connection is lost. Costs nothing when libpq has sent everything already.
    func push() -> Bool {
        switch handle.flush() {
        case .failed: return false
        case .done: isFull = false
        case .blocked:
            isFull = true
            watched.noteFull()
            if !isWaitingToWrite {
                isWaitingToWrite = true
                let confined = LoopBound(self, on: loop)
                loop.spawn { await confined.value.flushWhenWritable() }
            }
        }
        return true
    }

    func flushWhenWritable() async {
        while isOpen, isFull {
            if case .ready = await watched.writable() { flush() }
        }
        isWaitingToWrite = false
    }
}
