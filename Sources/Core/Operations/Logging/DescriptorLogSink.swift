public import Linux

/// Writes each line to a descriptor, standard error if nothing else is said, with one write.
///
/// It waits when the descriptor does not take the line at once: for commands, which have nobody else to serve meanwhile.
public final class DescriptorLogSink: LogSink {
    private let descriptor: Lock<FileDescriptor>

    /// The descriptor stays its owner's, who keeps it open for as long as anybody logs.
    public init(_ descriptor: FileDescriptor = .standardError) {
        self.descriptor = Lock(descriptor)
    }

    // > POSIX.1 says that writes of less than PIPE_BUF bytes must be atomic [...] Writes of more than PIPE_BUF bytes may
    // > be nonatomic: the kernel may interleave the data with data written by other processes.
    //
    // PIPE_BUF is 4096, and a write may also be cut short, so the lines of our own threads take turns.
    public func write(_ line: [UInt8]) {
        descriptor.withLock {
            // A line that can not be written is lost: there is nowhere left to say so, and the work matters more.
            try? $0.writeAll(line.span)
        }
    }
}
