public import Ephemeral
internal import Linux
public import Networking
internal import Operations

/// A loop's one connection to Redis, on which all its commands are pipelined. Lives on that loop.
///
/// What is sent during one turn of the loop goes out in one write at its end. A connection that breaks is replaced in the
/// background; commands of which it is unknown whether they were carried out say so, and only those that may be repeated
/// are sent again, once. Must be closed.
public final class RedisConnection {
    typealias Waiter = UnsafeContinuation<Result<RedisReply, EphemeralStoreError>, Never>

    public let loop: EventLoop
    let settings: RedisSettings
    private var pipeline: RedisPipeline<Waiter>
    private var runner: Task<Void, Never>?
    private var isClosed = false
    /// Which server answers now; nil while none does.
    public private(set) var incarnation: RedisIncarnation?
    private var connectionCount = 0

    /// From the moment the socket is there until it is closed.
    private var stream: StreamSocket?
    /// Set once: the stream is to be given up.
    private var loss: Loss?
    /// Ends what was sent in part, when the peer reads slowly.
    private var writer: Task<Void, Never>?
    private var isFlushScheduled = false
    private let timer: Timer

    /// Written to the socket at once before it is asked whether it takes more.
    private static let writeSize = 256 << 10
    /// A connection that ended sooner is not replaced at once, but after a pause.
    private static let healthyAge = Duration.seconds(1)

    private init(_ settings: RedisSettings, on loop: EventLoop) {
        self.loop = loop
        self.settings = settings
        pipeline = RedisPipeline(
            limits: RedisPipeline.Limits(commands: settings.queueLimit, unsentBytes: settings.queueByteLimit)
        )
        timer = Timer(loop: loop)
        timer.action = { [unowned self] in timerFired() }
    }

    /// Begins to connect, and answers at once.
    public static func open(_ settings: RedisSettings, on loop: EventLoop) -> RedisConnection {
        loop.assertCurrent()
        let connection = RedisConnection(settings, on: loop)
        connection.pipeline.expectConnection(until: loop.now + settings.patience)
        let confined = LoopBound(connection, on: loop)
        connection.runner = loop.spawn { await confined.value.run() }
        return connection
    }

    public var isConnected: Bool { pipeline.isConnected }

    /// Ends the connection and everything that waits for it.
    public func close() async {
        loop.assertCurrent()
        if !isClosed {
            isClosed = true
            answer(pipeline.close(at: loop.now))
            giveUp(.closed)
            runner?.cancel()
        }
        await runner?.value
    }
}

/// Why a connection ended.
private enum Loss: Error, CustomStringConvertible {
    case closed
    case ended
    case stalled
    case stream(StreamError)
    case violation(String)
    case distrusted

    var description: String {
        switch self {
        case .closed: "it was closed"
        case .ended: "the server ended it"
        case .stalled: "a command got no reply in time"
        case .stream(let error): error.description
        case .violation(let reason): reason
        case .distrusted: "a reply did not fit its command"
        }
    }
}

// MARK: - Commands

extension RedisConnection: TurnEndObserver {
    /// Sends a command and waits for its reply, which may be an error reply.
    ///
    /// A task that was cancelled sends nothing. A command that is under way is not recalled by a cancellation: its
    /// answer comes within the command timeout anyhow, and then its fate is known.
    public func send(_ command: RedisCommand) async throws(EphemeralStoreError) -> RedisReply {
        loop.assertCurrent()
        if Task.isCancelled { throw EphemeralStoreError(.cancelled) }
        return try await withUnsafeContinuation { waiter in _ = submit(command, waiter) }.get()
    }

    /// How long the server takes to answer. It is not waited for longer than `timeout`, which is no reason to end the
    /// connection.
    public func ping(timeout: Duration) async throws(EphemeralStoreError) -> Duration {
        loop.assertCurrent()
        let start = MonotonicTime.now()
        let patience = Timer(loop: loop)
        defer { patience.cancel() }
        let result = await withUnsafeContinuation { (waiter: Waiter) in
            guard let ticket = submit(RedisCommand("PING", isRepeatable: true), waiter) else { return }
            patience.action = { [unowned self] in
                pipeline.giveUp(ticket)?.resume(returning: .failure(EphemeralStoreError(.timeout)))
            }
            patience.move(to: loop.now + timeout)
        }
        guard case .simple = try result.get().checked() else { throw distrust() }
        return MonotonicTime.now() - start
    }

    /// A reply did not fit its command: who knows what the next ones belong to. Ends the connection, and answers what to
    /// throw.
    func distrust() -> EphemeralStoreError {
        giveUp(.distrusted)
        return EphemeralStoreError(.unexpectedReply)
    }

    private func submit(_ command: RedisCommand, _ waiter: Waiter) -> RedisPipeline<Waiter>.Ticket? {
        let deadline = loop.now + settings.commandTimeout
        switch pipeline.add(command, deadline: deadline, at: loop.now, waiter: waiter) {
        case .failure(let error):
            waiter.resume(returning: .failure(error))
            return nil
        case .success(let ticket):
            scheduleFlush()
            if timer.due == .distantFuture { timer.move(to: pipeline.nextDeadline ?? deadline) }
            return ticket
        }
    }

    private func answer(_ answers: [RedisPipeline<Waiter>.Answer]) {
        for answer in answers { answer.waiter.resume(returning: answer.result) }
    }

    private func timerFired() {
        let now = loop.now
        let (answers, isStalled) = pipeline.expire(at: now)
        answer(answers)
        if isStalled { giveUp(.stalled) }
        if loss != nil, stream != nil {
            interrupt()
        } else if let next = pipeline.nextDeadline {
            timer.move(to: next)
        }
    }
}

// MARK: - Sending

extension RedisConnection {
    private func scheduleFlush() {
        guard pipeline.isConnected, !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.callAtTurnEnd(self)
    }

    public func turnEnded() {
        isFlushScheduled = false
        flush()
    }

    private func flush() {
        guard let stream, loss == nil, writer == nil else { return }
        while pipeline.isConnected, pipeline.hasUnsent {
            stream.write { pipeline.encodeUnsent(into: &$0, limit: RedisConnection.writeSize) }
            do throws(StreamError) {
                if try !stream.flushNow() { return finishWriting(stream) }
            } catch {
                return giveUp(.stream(error))
            }
        }
    }

    /// The peer does not take everything at once: what comes meanwhile waits unsent.
    private func finishWriting(_ stream: StreamSocket) {
        let confined = LoopBound((self, stream), on: loop)
        writer = loop.spawn {
            let (connection, stream) = confined.value
            do throws(StreamError) {
                try await stream.flush()
                connection.writer = nil
                connection.flush()
            } catch {
                connection.writer = nil
                connection.giveUp(.stream(error))
            }
        }
    }

    /// Has the runner end this connection. Nobody else closes the stream: a task that was woken to use it, and has not
    /// run yet, would use a descriptor that may be somebody else's by then.
    private func giveUp(_ loss: Loss) {
        guard stream != nil, self.loss == nil else { return }
        self.loss = loss
        interrupt()
    }

    /// Ends the waits of the reader and the writer, and does so again until they have noticed: one that was woken for
    /// another reason and has not run yet does not hear it.
    private func interrupt() {
        stream?.deadline = loop.now
        timer.move(to: loop.now + .milliseconds(2))
    }
}

// MARK: - The life of the connection

extension RedisConnection {
    private func run() async {
        var backoff = Backoff(shortest: settings.shortestPause, longest: settings.longestPause)
        var isTroubleKnown = false
        defer { timer.cancel() }
        while !isClosed {
            do throws(EphemeralStoreError) {
                try await connect()
                if isTroubleKnown { settings.log?.notice("connected to Redis again") }
                isTroubleKnown = false
                let start = loop.now
                let loss = await serve()
                if isClosed { return }
                settings.log?.warning("lost the connection to Redis", ["reason": .string(loss.description)])
                isTroubleKnown = true
                if loop.now - start >= RedisConnection.healthyAge { backoff.reset() }
                answer(pipeline.lost(at: loop.now, expectingUntil: loop.now + settings.patience))
                if let next = pipeline.nextDeadline { timer.move(to: next) }
            } catch {
                if isClosed { return }
                answer(pipeline.attemptFailed(kind: error.kind))
                if !isTroubleKnown { settings.log?.warning("Redis can not be reached", ["error": .error(error)]) }
                isTroubleKnown = true
            }
            let pause = backoff.next(random: settings.random())
            if pause > .zero { await loop.sleep(for: pause) }
        }
    }

    /// Opens a stream and greets the server.
    private func connect() async throws(EphemeralStoreError) {
        let deadline = loop.now + settings.connectTimeout
        let stream = try await openStream(deadline: deadline)
        self.stream = stream
        loss = isClosed ? .closed : nil
        do throws(EphemeralStoreError) {
            stream.deadline = deadline
            let runID = try await greet(stream)
            stream.deadline = .distantFuture
            connectionCount += 1
            incarnation = RedisIncarnation(runID: runID, connection: connectionCount)
        } catch {
            self.stream = nil
            stream.close()
            throw error
        }
    }

    private func openStream(deadline: MonotonicTime) async throws(EphemeralStoreError) -> StreamSocket {
        for address in try await resolve() {
            do throws(StreamError) {
                return try await StreamSocket.connect(to: address, on: loop, deadline: deadline)
            } catch {
                settings.log?.debug("no connection to Redis", ["reason": .string(error.description)])
            }
            if isClosed { break }
        }
        throw EphemeralStoreError(.unavailable)
    }

    private func resolve() async throws(EphemeralStoreError) -> [SocketAddress] {
        switch settings.address.endpoint {
        case .unix(let path): return [.unix(path: path)]
        case .host(let host, let port):
            if let address = IPAddress(host) { return [.ip(address, port: port)] }
            guard let resolver = settings.resolver else { throw EphemeralStoreError(.unavailable) }
            do {
                return try await resolver.run { try NameResolution.addresses(host: host, port: port) }
            } catch {
                throw EphemeralStoreError(.unavailable)
            }
        }
    }

    /// Answers the name the server gave itself.
    private func greet(_ stream: StreamSocket) async throws(EphemeralStoreError) -> String? {
        var handshake = RedisHandshake(address: settings.address, clientName: settings.clientName)
        let parser = RedisReplyParser(maximumLength: settings.maximumReplyLength)
        do {
            stream.write { output in
                for command in handshake.commands { RESPEncoder.encode(command, into: &output) }
            }
            try await stream.flush()
            while !handshake.isComplete {
                guard loss == nil else { throw EphemeralStoreError(.unavailable) }
                try await receive(from: stream, into: parser)
                while let reply = try parser.next() { try handshake.receive(reply) }
            }
        } catch let error as EphemeralStoreError {
            throw error
        } catch let error as StreamError {
            settings.log?.debug("no greeting from Redis", ["reason": .string(error.description)])
            throw EphemeralStoreError(.unavailable)
        } catch {
            settings.log?.debug("no greeting from Redis", ["reason": .error(error)])
            throw EphemeralStoreError(.unavailable)
        }
        return handshake.runID
    }

    /// Hands out replies until the connection is lost, and closes it.
    private func serve() async -> Loss {
        guard let stream else { preconditionFailure("there is a stream once connecting has succeeded") }
        // The handshake ended with the last reply it asked for, so the old parser holds nothing.
        let parser = RedisReplyParser(maximumLength: settings.maximumReplyLength)
        if !isClosed { pipeline.connected() }
        flush()
        while loss == nil {
            do {
                try await receive(from: stream, into: parser)
                while loss == nil, let reply = try parser.next() {
                    switch pipeline.receive(reply) {
                    case .answer(let answer): answer.waiter.resume(returning: answer.result)
                    case .discarded: break
                    case .unsolicited: giveUp(.violation("a reply that nobody asked for"))
                    }
                }
            } catch let error as Loss {
                giveUp(error)
            } catch let error as StreamError {
                giveUp(.stream(error))
            } catch let error as RedisProtocolError {
                giveUp(.violation(error.reason))
            } catch {
                preconditionFailure("nothing else is thrown here: \(error)")
            }
        }
        incarnation = nil
        await writer?.value
        self.stream = nil
        stream.close()
        return loss ?? .closed
    }

    private func receive(from stream: StreamSocket, into parser: RedisReplyParser) async throws {
        let count = try await stream.receive { bytes in
            parser.feed(bytes)
            return bytes.count
        }
        if count == 0 { throw Loss.ended }
    }
}
