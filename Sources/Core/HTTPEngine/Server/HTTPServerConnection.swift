internal import Linux
internal import Networking

/// One connection of a server: reads requests one after another, has each answered, and writes the answers.
///
/// It is one task on its loop. Everything it waits for has a deadline.
final class HTTPServerConnection {
    private enum Phase {
        /// Between requests, nothing of the next one has come.
        case idle
        case reading
        case answering
        /// Our side is ended; what the peer still sends is thrown away.
        case lingering
    }

    private let stream: StreamSocket
    private let input: HTTPInput
    private let server: HTTPServerLoop
    private let info: HTTPConnectionInfo
    private var parser: HTTPRequestParser
    private var phase = Phase.idle
    private var isFirstHead = true
    private var isWaitingForTurnEnd = false
    private static let mostUnsent = 65_536
    /// Heads and pieces of content that were here already when they were asked for.
    private var takenInARow = 0
    private static let mostTakenInARow = 32

    private var limits: HTTPServerLimits { server.limits }
    private var loop: EventLoop { stream.loop }

    init(_ stream: StreamSocket, server: HTTPServerLoop) {
        self.stream = stream
        self.server = server
        input = HTTPInput(stream)
        info = HTTPConnectionInfo(loop: stream.loop, peer: stream.peer)
        parser = HTTPRequestParser(limits: server.limits.head)
    }

    /// Serves until one side has had enough. Leaves the connection closed.
    func run() async {
        defer { stream.close() }
        do {
            var patience = limits.headTimeout
            while let head = try await nextHead(within: patience) {
                guard try await answer(head) else { break }
                patience = limits.keepAliveTimeout
            }
            try await flush()
            await linger()
        } catch let error as HTTPParseError {
            await refuse(error)
        } catch {
            // The peer left or was too slow to take its answer: there is nobody to tell.
        }
    }

    /// Closes now if nothing is being done here, and after the answer that is on its way otherwise.
    func drain(idleGrace: Duration) {
        if phase == .idle { stream.deadline = min(stream.deadline, loop.now + idleGrace) }
    }

    func abort() { stream.close() }
}

// MARK: - Requests

extension HTTPServerConnection {
    /// The next request's head; nil when the peer ended its side, or its time, between two requests.
    private func nextHead(within patience: Duration) async throws -> HTTPRequestParser.Head? {
        if input.hasPending { await countTaken() }
        // Sent before the connection counts as idle, so that a stop does not cut what is on its way; and never more held
        // back than this, however many requests have come already.
        if !input.hasPending || stream.unsentCount >= HTTPServerConnection.mostUnsent { try await flush() }
        phase = .idle
        defer { isFirstHead = false }
        stream.deadline = loop.now + (server.isDraining ? HTTPServerLoop.idleGrace : patience)
        while true {
            if !input.hasPending { try await flush() }
            let result = try await readHeadPart()
            switch try result?.get() {
            case nil:
                return nil
            case .incomplete:
                if phase == .idle {
                    phase = .reading
                    // The first head's time runs from the accept.
                    if !isFirstHead { stream.deadline = loop.now + limits.headTimeout }
                }
            case .complete(let head):
                phase = .answering
                stream.deadline = .distantFuture
                return head
            }
        }
    }

    /// What has come already is taken without a wait. Who sends much of it at once must let others have a turn.
    private func countTaken() async {
        takenInARow += 1
        if takenInARow < HTTPServerConnection.mostTakenInARow { return }
        takenInARow = 0
        await Task.yield()
    }

    private func readHeadPart() async throws -> Result<HTTPRequestParser.Outcome, HTTPParseError>? {
        do throws(StreamError) {
            return try await input.read { bytes in
                do throws(HTTPParseError) {
                    let (count, outcome) = try parser.consume(bytes)
                    return (count, .success(outcome))
                } catch {
                    return (bytes.count, .failure(error))
                }
            }
        } catch .timedOut {
            if !parser.hasBegun { return nil }
            throw HTTPParseError(status: .requestTimeout, reason: "the request head took too long")
        }
    }

    /// Answers one request; true when the connection can take another.
    private func answer(_ head: HTTPRequestParser.Head) async throws -> Bool {
        let content = HTTPServerContent(head.framing, limits: limits.head, connection: self)
        let request = HTTPRequest(
            method: head.method,
            target: head.target,
            version: head.version,
            fields: head.fields,
            body: content?.body ?? .empty
        )
        let response = await server.responder.respond(to: request, on: info)
        defer { content?.exchangeEnds() }
        let mayPersist =
            head.framing.isPersistent && !server.isDraining && !response.asksToClose
            && content?.canBeSkipped(limit: limits.skippedBody) ?? true
        content?.responseBegins()
        guard try await write(response, to: head, persists: mayPersist) else { return false }
        do {
            if let content, try await !content.skip(limit: limits.skippedBody) { return false }
        } catch is HTTPParseError {
            // The request has its answer; a refusal now would be a second one.
            return false
        }
        parser.reuse(head.fields)
        return true
    }
}

// MARK: - Content of requests

extension HTTPServerConnection {
    /// The next piece of a request's content; nil at its end.
    func readContent(_ decoder: inout HTTPBodyDecoder, received: Int, since start: MonotonicTime) async throws
        -> [UInt8]?
    {
        while !decoder.hasEnded {
            stream.deadline = deadline(limits.bodyTimeout, since: start, granted: received)
            switch try await readContentPart(&decoder) {
            case .piece(let bytes): return bytes
            case .incomplete: continue
            case .end: return nil
            }
        }
        return nil
    }

    private func readContentPart(_ decoder: inout HTTPBodyDecoder) async throws -> HTTPInput.ContentPart {
        if input.hasPending { await countTaken() }
        let part: Result<HTTPInput.ContentPart, HTTPParseError>?
        do throws(StreamError) {
            part = try await input.readContentPart(&decoder)
        } catch .timedOut {
            throw HTTPParseError(status: .requestTimeout, reason: "the request content took too long")
        } catch {
            // Reset by the peer, or closed by a stop. To the handler that is content that ended early, no failure of ours.
            part = nil
        }
        guard let part else { throw HTTPBodyError.incomplete }
        return try part.get()
    }

    /// RFC 9110 §10.1.1: the client waits for this before it sends the content.
    func sendContinue() async throws {
        stream.write { $0.append(literal: "HTTP/1.1 100 Continue\r\n\r\n") }
        do throws(StreamError) {
            try await flush()
        } catch {
            // Who does not take this sends no content.
            throw HTTPBodyError.incomplete
        }
    }

    private func deadline(_ timeout: Duration, since start: MonotonicTime, granted bytes: Int) -> MonotonicTime {
        start + timeout + .nanoseconds(Int64(bytes) * (1_000_000_000 / Int64(limits.leastBytesPerSecond)))
    }

    var currentTime: MonotonicTime { loop.now }
}

// MARK: - Responses

extension HTTPServerConnection: TurnEndObserver {
    /// Answers whether the connection can be used after it.
    private func write(
        _ response: HTTPResponse,
        to head: HTTPRequestParser.Head,
        persists: Bool
    ) async throws -> Bool {
        let sendsContent = head.method != .head && !response.status.forbidsContent
        let framing: HTTPHeadWriter.Framing =
            switch response.body.length {
            case _ where response.status.forbidsContent: .silent
            case .some(let length): .length(length)
            case nil where head.version == .http11: .chunked
            case nil: .silent
            }
        // Without a length and without chunks only the connection's end can end the content.
        let persists = persists && !(framing == .silent && sendsContent)
        let persistence: HTTPHeadWriter.Persistence =
            if !persists { .close } else if head.version == .http10 { .keepAlive } else { .implied }
        stream.write { output in
            HTTPHeadWriter.write(
                response.status,
                response.fields,
                framing: framing,
                persistence: persistence,
                date: server.date,
                into: &output
            )
            if sendsContent, case .bytes(let bytes) = response.body { output += bytes }
        }
        if sendsContent, case .stream(let content) = response.body {
            do {
                try await HTTPContentWriter(stream: stream, framing: framing).write(content) { try await flush() }
            } catch is HTTPParseError {
                // Of the request's content, which the answer is made from: the answer has begun, and can only break off.
                throw HTTPBodyError.incomplete
            }
        }
        if !persists { try await flushAndEnd() } else { flushSoon() }
        return persists
    }

    /// Sends the answer now, unless more requests have come already: then theirs go with it, in one write, at the end
    /// of this turn of the loop at the latest.
    private func flushSoon() {
        guard input.hasPending, stream.unsentCount < HTTPServerConnection.mostUnsent else {
            // What the peer does not take at once is sent before the next read.
            _ = try? stream.flushNow()
            return
        }
        if isWaitingForTurnEnd { return }
        isWaitingForTurnEnd = true
        loop.callAtTurnEnd(self)
    }

    func turnEnded() {
        isWaitingForTurnEnd = false
        // A failure shows again at the next flush, which has somebody to tell.
        _ = try? stream.flushNow()
    }

    /// Sends everything, within the deadline for slow readers.
    private func flush() async throws(StreamError) {
        if try stream.flushNow() { return }
        let start = loop.now
        let before = stream.deadline
        var taken = 0
        stream.deadline = deadline(limits.writeTimeout, since: start, granted: 0)
        try await stream.flush { count in
            taken += count
            stream.deadline = deadline(limits.writeTimeout, since: start, granted: taken)
        }
        stream.deadline = before
    }

    private func flushAndEnd() async throws(StreamError) {
        try await flush()
        stream.endWriting()
    }

    private func refuse(_ error: HTTPParseError) async {
        if await end(with: server.responder.refuse(error, on: info)) { await linger() }
    }

    /// Instead of `run`, for a connection that there is no room for. Leaves it closed.
    func turnAway() async {
        defer { stream.close() }
        if await end(with: server.responder.turnAway(on: info)) { await linger(for: .milliseconds(500), limit: 65_536) }
    }

    /// Sends an answer that no request goes before, and ends our side; false when the peer did not take it.
    private func end(with response: HTTPResponse) async -> Bool {
        guard case .bytes(let body) = response.body else {
            preconditionFailure("a refusal is a short answer, made without asking anybody")
        }
        stream.write { output in
            HTTPHeadWriter.write(
                response.status,
                response.fields,
                framing: .length(body.count),
                persistence: .close,
                date: server.date,
                into: &output
            )
            output += body
        }
        do throws(StreamError) {
            try await flushAndEnd()
            return true
        } catch {
            return false
        }
    }

    /// Waits until the peer has seen our end, within bounds.
    private func linger(for duration: Duration = .seconds(2), limit: Int = 8 * 1_048_576) async {
        phase = .lingering
        stream.endWriting()
        await stream.discardInput(until: loop.now + duration, limit: limit)
    }
}

extension HTTPResponse {
    /// The handler wants the connection closed after this answer.
    var asksToClose: Bool {
        fields.list(.connection).contains { $0.lowercased() == "close" }
    }
}
