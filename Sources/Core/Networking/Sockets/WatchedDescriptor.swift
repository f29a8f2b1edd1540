public import Linux

/// A non-blocking descriptor that its loop watches. Owns the descriptor; belongs to the loop.
///
/// The kernel tells each change once (edge-triggered), so what it told is kept here: `isReadable` stays true until a
/// read found nothing more. Callers read first and wait only then.
public final class WatchedDescriptor {
    /// Why a wait ended.
    public enum Wake: Sendable {
        case ready
        /// `interrupt` was called: the caller's own deadline has passed.
        case interrupted
        case closed
    }

    public let loop: EventLoop
    public let descriptor: FileDescriptor
    private(set) var registration: UInt32 = 0
    public private(set) var isOpen = true

    /// Until the first event says otherwise a read is worth a try: data often comes with the connection.
    public private(set) var isReadable = true
    public private(set) var isWritable = true
    /// The peer has ended its side. No event follows that one, so reading stays worth a try until the end was read.
    private var hasEnded = false

    private var reader: UnsafeContinuation<Wake, Never>?
    private var writer: UnsafeContinuation<Wake, Never>?

    /// Takes over the descriptor, and closes it if the loop can not watch it.
    public init(_ descriptor: FileDescriptor, on loop: EventLoop) throws(SystemError) {
        self.loop = loop
        self.descriptor = descriptor
        do throws(SystemError) {
            registration = try loop.register(self)
        } catch {
            isOpen = false
            descriptor.close()
            throw error
        }
    }

    deinit { precondition(!isOpen, "a watched descriptor must be closed, not forgotten") }

    /// A read found nothing.
    public func noteNothing() { isReadable = false }

    /// A read found less than it had room for, which epoll(7) lets stand for having found nothing after it, unless the
    /// end is still to be read:
    ///
    /// > For stream-oriented files (e.g., pipe, FIFO, stream socket), the condition that the read/write I/O space is
    /// > exhausted can also be detected by checking the amount of data read from / written to the target file
    /// > descriptor.
    public func noteDrained() { isReadable = hasEnded }

    /// A write was refused, or taken only in part.
    public func noteFull() { isWritable = false }

    /// Waits until a read is worth a try. One task at a time.
    public func readable() async -> Wake {
        loop.assertCurrent()
        if !isOpen { return .closed }
        if isReadable { return .ready }
        precondition(reader == nil, "two tasks wait to read one descriptor")
        return await withUnsafeContinuation { reader = $0 }
    }

    /// Waits until a write is worth a try. One task at a time.
    public func writable() async -> Wake {
        loop.assertCurrent()
        if !isOpen { return .closed }
        if isWritable { return .ready }
        precondition(writer == nil, "two tasks wait to write one descriptor")
        return await withUnsafeContinuation { writer = $0 }
    }

    /// Ends the waits that are under way. The descriptor stays open.
    public func interrupt() { wake(reading: true, writing: true, with: .interrupted) }

    /// Closes the descriptor. Whoever waits is told; closing again does nothing.
    public func close() {
        loop.assertCurrent()
        guard isOpen else { return }
        isOpen = false
        // The number is somebody else's from here on: a read or a write that is still to come must not get there.
        isReadable = false
        isWritable = false
        loop.unregister(self)
        descriptor.close()
        wake(reading: true, writing: true, with: .closed)
    }

    func deliver(_ event: Epoll.Event) {
        if event.isEnded { hasEnded = true }
        if event.isReadable { isReadable = true }
        if event.isWritable { isWritable = true }
        wake(reading: event.isReadable, writing: event.isWritable, with: .ready)
    }

    private func wake(reading: Bool, writing: Bool, with reason: Wake) {
        if reading, let waiting = reader {
            reader = nil
            waiting.resume(returning: reason)
        }
        if writing, let waiting = writer {
            writer = nil
            waiting.resume(returning: reason)
        }
    }
}
