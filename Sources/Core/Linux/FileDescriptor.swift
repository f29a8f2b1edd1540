internal import Glibc

/// A number that the kernel knows an open file or socket by. A plain value: whoever keeps one as its owner says so and
/// closes it exactly once.
public struct FileDescriptor: Hashable, Sendable {
    public let number: CInt

    public init(number: CInt) { self.number = number }

    public static let standardInput = FileDescriptor(number: STDIN_FILENO)
    public static let standardOutput = FileDescriptor(number: STDOUT_FILENO)
    public static let standardError = FileDescriptor(number: STDERR_FILENO)

    /// close(2).
    ///
    /// > Retrying the close() after a failure return is the wrong thing to do, since this may cause a reused file
    /// > descriptor from another thread to be closed.
    ///
    /// So it is called once, whatever it answers, but for EBADF: closing what is not open means two owners.
    public func close() {
        let failure = callOnce { Glibc.close(number) }
        precondition(failure != EBADF, "a descriptor was closed twice")
    }

    /// F_DUPFD_CLOEXEC of fcntl(2): a second descriptor for the same open file, closed on exec. Each is closed by its
    /// own owner.
    public func duplicate() throws(SystemError) -> FileDescriptor {
        FileDescriptor(number: try systemCall("fcntl") { fcntl(number, F_DUPFD_CLOEXEC, 0) })
    }

    /// read(2) on a descriptor that may block. 0 is the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try systemCall("read") { Glibc.read(number, buffer.baseAddress, buffer.count) }
    }

    /// pread(2). 0 is the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        try systemCall("pread") { Glibc.pread(number, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    /// write(2), again and again until everything is written.
    public func writeAll(_ bytes: Span<UInt8>) throws(SystemError) {
        try bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(SystemError) in
            var rest = raw
            while !rest.isEmpty {
                let written = try systemCall("write") { Glibc.write(number, rest.baseAddress, rest.count) }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }

    public func writeAll(_ text: String) throws(SystemError) {
        try writeAll([UInt8](text.utf8).span)
    }

    /// fsync(2).
    public func synchronize() throws(SystemError) { _ = try systemCall("fsync") { fsync(number) } }

    /// isatty(3).
    public var isTerminal: Bool { isatty(number) == 1 }
}
