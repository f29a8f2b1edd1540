internal import CLinux
internal import Glibc

/// An epoll instance. Owns its descriptor.
public final class Epoll {
    /// What a registered descriptor is ready for.
    public struct Event: Sendable {
        public let token: UInt64
        let flags: UInt32

        /// Something can be read, or the end, or the error that a read will report.
        public var isReadable: Bool { flags & (Epoll.input | Epoll.peerClosed | Epoll.hangUp | Epoll.failure) != 0 }
        /// The peer has ended its side, or the connection is broken: there will be no further event for that.
        public var isEnded: Bool { flags & (Epoll.peerClosed | Epoll.hangUp | Epoll.failure) != 0 }
        /// Something can be written, or a write will report the error.
        public var isWritable: Bool { flags & (Epoll.output | Epoll.hangUp | Epoll.failure) != 0 }
    }

    private static let input = UInt32(EPOLLIN.rawValue)
    private static let output = UInt32(EPOLLOUT.rawValue)
    private static let peerClosed = UInt32(EPOLLRDHUP.rawValue)
    private static let hangUp = UInt32(EPOLLHUP.rawValue)
    private static let failure = UInt32(EPOLLERR.rawValue)
    private static let edgeTriggered = UInt32(EPOLLET.rawValue)

    private let descriptor: FileDescriptor
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// epoll_create1(2). One `wait` answers at most `capacity` events.
    public init(capacity: Int = 512) throws(SystemError) {
        descriptor = FileDescriptor(number: try systemCall("epoll_create1") { epoll_create1(CInt(EPOLL_CLOEXEC)) })
        events = .allocate(capacity: capacity)
        events.initialize(repeating: epoll_event())
    }

    deinit {
        events.deallocate()
        descriptor.close()
    }

    /// Registers for reading and writing, edge-triggered: each change is told once, and stays true until a call on the
    /// descriptor would block.
    public func add(_ target: FileDescriptor, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, target, Epoll.input | Epoll.output | Epoll.peerClosed | Epoll.edgeTriggered, token)
    }

    /// Registers for reading only, level-triggered: told again at every wait until it is read.
    public func addReadable(_ target: FileDescriptor, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, target, Epoll.input, token)
    }

    /// Closing a descriptor removes it too, but only once no copy of it is open anywhere.
    public func remove(_ target: FileDescriptor) throws(SystemError) {
        try control(EPOLL_CTL_DEL, target, 0, 0)
    }

    private func control(
        _ operation: CInt,
        _ target: FileDescriptor,
        _ flags: UInt32,
        _ token: UInt64
    ) throws(SystemError) {
        var event = epoll_event(events: flags, data: epoll_data_t(u64: token))
        _ = try systemCall("epoll_ctl") { epoll_ctl(descriptor.number, operation, target.number, &event) }
    }

    /// epoll_wait(2). Waits until something is ready or the time is over; -1 waits for ever, 0 not at all.
    public func wait(milliseconds: CInt, _ handle: (Event) -> Void) throws(SystemError) {
        let count = try systemCall("epoll_wait") {
            epoll_wait(descriptor.number, events.baseAddress, CInt(clamping: events.count), milliseconds)
        }
        for event in events.prefix(Int(count)) {
            handle(Event(token: event.data.u64, flags: event.events))
        }
    }
}
