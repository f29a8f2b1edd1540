internal import CLinux
internal import Glibc

/// An eventfd: any thread may signal it, the loop that waits for it wakes. Owns its descriptor.
public final class EventDescriptor: Sendable {
    public let descriptor: FileDescriptor

    public init() throws(SystemError) {
        let flags = CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK)
        descriptor = FileDescriptor(number: try systemCall("eventfd") { eventfd(0, flags) })
    }

    deinit { descriptor.close() }

    public func signal() {
        var one: UInt64 = 1
        // Only a counter at its limit could fail, and a full counter wakes as well.
        _ = callOnce { CInt(clamping: write(descriptor.number, &one, MemoryLayout<UInt64>.size)) }
    }

    /// Takes all signals so far.
    public func drain() {
        var count: UInt64 = 0
        _ = callOnce { CInt(clamping: read(descriptor.number, &count, MemoryLayout<UInt64>.size)) }
    }
}
