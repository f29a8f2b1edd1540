public import Linux

/// A connected stream socket on its loop, with a buffer for what is to be sent and one deadline.
public final class StreamSocket {
    public let peer: SocketAddress
    private let watched: WatchedDescriptor
    private let timer: Timer
    /// The deadline has passed. Kept, because it may pass while nobody waits: between an event that made the socket
    /// ready and the task that it woke.
    private var hasExpired = false
    /// Reads since the last wait. A peer that sends faster than we read must let others have a turn.
    private var readsInARow = 0
    private static let mostReadsInARow = 8
    private var output: [UInt8] = []
    private var outputStart = 0
    /// More than an answer usually takes is given back once it was sent.
    private static let keptOutputCapacity = 4_096

    public var loop: EventLoop { watched.loop }

    /// Takes over a connected descriptor.
    public init(_ descriptor: FileDescriptor, peer: SocketAddress, on loop: EventLoop) throws(SystemError) {
        self.peer = peer
        watched = try WatchedDescriptor(descriptor, on: loop)
        timer = Timer(loop: loop)
        timer.action = { [unowned self] in
            hasExpired = true
            watched.interrupt()
        }
    }

    /// connect(2), without waiting longer than the deadline, or than the task wants to: one that is cancelled gets
    /// `StreamError.closed`.
    public static func connect(
        to address: SocketAddress,
        on loop: EventLoop,
        deadline: MonotonicTime
    ) async throws(StreamError) -> StreamSocket {
        loop.assertCurrent()
        let stream: StreamSocket
        let isConnected: Bool
        do throws(SystemError) {
            let descriptor = try FileDescriptor.streamSocket(for: address)
            do throws(SystemError) {
                if case .ip = address { try descriptor.disableSendDelay() }
                isConnected = try descriptor.connect(to: address)
            } catch {
                descriptor.close()
                throw error
            }
            stream = try StreamSocket(descriptor, peer: address, on: loop)
        } catch {
            throw .system(error)
        }
        if isConnected { return stream }
        stream.deadline = deadline
        do throws(StreamError) {
            stream.watched.noteFull()
            try await stream.waitUntilConnected()
            if let error = stream.watched.descriptor.pendingError { throw .system(error) }
        } catch {
            stream.close()
            throw error
        }
        return stream
    }

    private func waitUntilConnected() async throws(StreamError) {
        let confined = LoopBound(self, on: loop)
        let outcome: Result<Void, StreamError> = await withTaskCancellationHandler {
            do throws(StreamError) {
                return .success(try await waitUntilWritable())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            confined.loop.execute { confined.value.close() }
        }
        try outcome.get()
        // Closed after it was woken: the number is not ours to ask any more.
        if !isOpen { throw .closed }
    }

    /// When `receive` and `flush` end in `StreamError.timedOut`: those under way, and those begun later until it is moved.
    /// Moving it later costs two stores.
    public var deadline: MonotonicTime {
        get { timer.due }
        set {
            hasExpired = false
            timer.move(to: newValue)
        }
    }

    /// False once this side has closed it.
    public var isOpen: Bool { watched.isOpen }

    /// Closes at once. Whoever waits gets `StreamError.closed`; closing again does nothing.
    public func close() {
        timer.cancel()
        watched.close()
    }
}

/// Reading.
extension StreamSocket {
    /// Lends the next bytes to `consume`; none at all means that the peer has ended its side.
    ///
    /// The bytes are in a buffer of the loop, and `consume` can neither keep them nor suspend: it copies what it needs.
    public func receive<Result>(_ consume: (Span<UInt8>) -> Result) async throws(StreamError) -> Result {
        while true {
            if watched.isReadable {
                if readsInARow == StreamSocket.mostReadsInARow {
                    readsInARow = 0
                    await Task.yield()
                    // Closed meanwhile, its number may be somebody else's already: everything is asked again.
                    continue
                }
                readsInARow += 1
                if let count = try receiveNow() { return loop.lendReadBuffer(count, to: consume) }
            }
            // What has come is read first: a request that arrived in time is not lost to a busy loop.
            if hasExpired { throw .timedOut }
            readsInARow = 0
            switch await watched.readable() {
            case .ready: continue
            case .interrupted: throw .timedOut
            case .closed: throw .closed
            }
        }
    }

    /// Whether the peer has sent anything, or has ended its side, while nobody was reading: a connection that rests
    /// between two exchanges can not be used any more then. Asks the kernel, which may know before the loop was told.
    public func hasStirred() -> Bool {
        loop.assertCurrent()
        return watched.isOpen && watched.descriptor.hasInput
    }

    /// Throws away what the peer sends, until it ends its side, the deadline has passed or there is too much of it.
    ///
    /// For the end of a connection: closing while bytes are unread would reset it, and a reset destroys what is still on
    /// its way to the peer (RFC 9112 §9.6).
    public func discardInput(until deadline: MonotonicTime, limit: Int) async {
        self.deadline = deadline
        var left = limit
        while left > 0 {
            let count: Int?
            do throws(StreamError) {
                count = try await receive { $0.count }
            } catch {
                return
            }
            guard let count, count > 0 else { return }
            left -= count
        }
    }

    /// nil when nothing is there.
    private func receiveNow() throws(StreamError) -> Int? {
        loop.assertCurrent()
        do throws(SystemError) {
            let buffer = UnsafeMutableRawBufferPointer(loop.readBuffer)
            let count = try watched.descriptor.receive(into: buffer)
            if let count {
                if count > 0, count < buffer.count { watched.noteDrained() }
            } else {
                watched.noteNothing()
            }
            return count
        } catch {
            throw .system(error)
        }
    }
}

/// Writing.
extension StreamSocket {
    /// How many bytes wait to be sent.
    public var unsentCount: Int { output.count - outputStart }

    /// Adds bytes to what is to be sent. Nothing is sent before `flush`.
    public func write(_ body: (inout [UInt8]) -> Void) { body(&output) }

    public func write(_ bytes: [UInt8]) { output += bytes }

    /// Sends what can be sent without waiting; true when nothing is left.
    public func flushNow() throws(StreamError) -> Bool {
        loop.assertCurrent()
        while unsentCount > 0, watched.isWritable {
            let sent: Int?
            do throws(SystemError) {
                sent = try StreamSocket.send(output, from: outputStart, to: watched.descriptor)
            } catch {
                throw .system(error)
            }
            guard let sent else {
                watched.noteFull()
                return false
            }
            outputStart += sent
        }
        guard unsentCount == 0 else { return false }
        outputStart = 0
        if output.capacity > StreamSocket.keptOutputCapacity {
            output = []
        } else {
            output.removeAll(keepingCapacity: true)
        }
        return true
    }

    /// Sends everything. `progress` is told how much the peer took whenever it has to wait, and may move the deadline.
    public func flush(progress: (Int) -> Void = { _ in }) async throws(StreamError) {
        while true {
            if hasExpired { throw .timedOut }
            let before = outputStart
            if try flushNow() { return }
            progress(outputStart - before)
            try await waitUntilWritable()
        }
    }

    private static func send(
        _ bytes: [UInt8],
        from start: Int,
        to descriptor: FileDescriptor
    ) throws(SystemError) -> Int? {
        try bytes.span.extracting(start...).withUnsafeBytes { (unsent) throws(SystemError) in
            try descriptor.send(unsent)
        }
    }

    private func waitUntilWritable() async throws(StreamError) {
        switch await watched.writable() {
        case .ready: return
        case .interrupted: throw .timedOut
        case .closed: throw .closed
        }
    }

    /// Tells the peer that nothing more will come; what it sends can still be read.
    public func endWriting() {
        if watched.isOpen { watched.descriptor.shutdownWriting() }
    }
}
