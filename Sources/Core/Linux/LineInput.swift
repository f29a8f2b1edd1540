internal import Glibc

/// Lines that somebody types, or a pipe or a file holds. Waiting for one ends with SIGINT and SIGTERM, which must be blocked
/// in every thread (see `SignalSet.block`); they stay pending.
public struct LineInput: Sendable {
    /// More than anybody types, and all that a terminal keeps of a line.
    private static let longest = 4_096

    let descriptor: FileDescriptor

    public init(_ descriptor: FileDescriptor = .standardInput) { self.descriptor = descriptor }

    /// One line without its end. Blocks. What a pipe or a file holds behind it may be lost.
    public func readLine() throws(InputError) -> [UInt8] {
        let signals = SignalSet([.interrupt, .terminate])
        signals.block()
        let stop = try InputError.checking { () throws(SystemError) in try signals.openDescriptor() }
        defer { stop.close() }
        var line: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: LineInput.longest, alignment: 1)
        defer {
            // It may have been a password.
            chunk.initializeMemory(as: UInt8.self, repeating: 0)
            chunk.deallocate()
        }
        while true {
            guard try InputError.checking({ () throws(SystemError) in try isReadable(before: stop) }) else {
                throw .interrupted
            }
            let count = try InputError.checking { () throws(SystemError) in try descriptor.read(into: chunk) }
            if count == 0, line.isEmpty { throw .ended }
            let part = chunk[..<count].prefix { $0 != UInt8(ascii: "\n") }
            line += part
            if line.count > LineInput.longest { throw .tooLong }
            if count == 0 || part.count < count { return line }
        }
    }

    /// poll(2) for as long as it takes: false when the other descriptor has something first.
    private func isReadable(before other: FileDescriptor) throws(SystemError) -> Bool {
        let events = CShort(POLLIN)
        var waiting = [
            pollfd(fd: other.number, events: events, revents: 0),
            pollfd(fd: descriptor.number, events: events, revents: 0),
        ]
        try systemCall("poll") { poll(&waiting, nfds_t(waiting.count), -1) }
        return waiting[0].revents == 0
    }
}

/// Why there is no line.
public enum InputError: Error, Equatable, Sendable {
    /// By SIGINT, that is Ctrl-C, or SIGTERM.
    case interrupted
    /// By the end of the input, that is Ctrl-D.
    case ended
    case tooLong
    case system(SystemError)

    static func checking<Value>(_ call: () throws(SystemError) -> Value) throws(InputError) -> Value {
        do { return try call() } catch { throw .system(error) }
    }
}

extension InputError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .interrupted: "interrupted"
        case .ended: "the input has ended"
        case .tooLong: "the line is too long"
        case .system(let error): error.description
        }
    }
}
