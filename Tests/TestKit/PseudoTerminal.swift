internal import Glibc
internal import Linux

/// A terminal that a test sits at.
public final class PseudoTerminal {
    /// What a program opens as its terminal.
    public let path: String
    private let near: FileDescriptor
    /// Kept open, so that the terminal outlives the program at it.
    private let far: FileDescriptor
    private var seen: [UInt8] = []

    public init() throws {
        near = FileDescriptor(number: try PseudoTerminal.open("/dev/ptmx"))
        var (lock, number) = (CInt(0), CInt(0))
        // TIOCSPTLCK and TIOCGPTN: unlockpt(3) and ptsname(3), which the C library hides from us.
        guard ioctl(near.number, 0x4004_5431, &lock) == 0, ioctl(near.number, 0x8004_5430, &number) == 0 else {
            throw NeverHappened(what: "a pseudo terminal")
        }
        path = "/dev/pts/\(number)"
        far = FileDescriptor(number: try PseudoTerminal.open(path))
    }

    deinit {
        far.close()
        near.close()
    }

    private static func open(_ path: String) throws -> CInt {
        let number = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { throw NeverHappened(what: "open \(path)") }
        return number
    }

    /// As keys are pressed: `\n` for the return key, `\u{3}` for Ctrl-C.
    public func type(_ text: String) throws { try near.writeAll(text) }

    /// All that was ever shown.
    public var shown: String {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(near.number, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: seen, as: UTF8.self) }
            seen += chunk[..<count]
        }
    }

    /// Whether it shows what is typed, and which keys send signals: what a program has to leave as it was.
    public var settings: [UInt64] {
        var attributes = termios()
        guard tcgetattr(near.number, &attributes) == 0 else { return [] }
        let keys = withUnsafeBytes(of: attributes.c_cc) { $0.map { UInt64($0) } }
        return [UInt64(attributes.c_lflag), UInt64(attributes.c_iflag)] + keys
    }

    public var isEchoing: Bool { (settings.first ?? 0) & UInt64(ECHO) != 0 }
}
