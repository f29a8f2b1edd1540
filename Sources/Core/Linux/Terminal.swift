internal import Glibc

/// A terminal that somebody sits at, for questions whose answers nobody may read over a shoulder.
public struct Terminal: Sendable {
    private let descriptor: FileDescriptor

    /// Nil when the descriptor is something else: a file, a pipe, nothing.
    public init?(_ descriptor: FileDescriptor = .standardInput) {
        guard descriptor.isTerminal else { return nil }
        self.descriptor = descriptor
    }

    /// Asks one question after the other and shows nothing of what is typed. Blocks until it is done.
    ///
    /// However it ends, the terminal is as it was before. SIGINT and SIGTERM end it as `LineInput` says, the keys for other
    /// signals do nothing meanwhile, and after SIGHUP there is no terminal left to put right.
    public func askWithoutEcho(_ questions: [String]) throws(InputError) -> [[UInt8]] {
        // Before the terminal is silent: a signal that was not blocked yet would leave it so.
        SignalSet([.interrupt, .terminate]).block()
        let before = try InputError.checking { () throws(SystemError) in try attributes() }
        // > TCSAFLUSH [...] all input that has been received but not read will be discarded before the change is made.
        //
        // What was typed before has been shown, and was meant for somebody else.
        try InputError.checking { () throws(SystemError) in try set(Terminal.silenced(before), TCSAFLUSH) }
        defer { try? set(before, TCSANOW) }
        var answers: [[UInt8]] = []
        for question in questions {
            try write(question)
            // The line end is not shown either.
            defer { try? write("\n") }
            answers.append(try LineInput(descriptor).readLine())
        }
        return answers
    }

    private func write(_ text: String) throws(InputError) {
        try InputError.checking { () throws(SystemError) in try descriptor.writeAll(text) }
    }

    // MARK: - termios(3)

    private func attributes() throws(SystemError) -> termios {
        var attributes = termios()
        try systemCall("tcgetattr") { tcgetattr(descriptor.number, &attributes) }
        return attributes
    }

    private func set(_ attributes: termios, _ action: CInt) throws(SystemError) {
        var attributes = attributes
        try systemCall("tcsetattr") { tcsetattr(descriptor.number, action, &attributes) }
    }

    /// A line at a time and nothing shown. Ctrl-C works, Ctrl-\ and Ctrl-Z do not: they would end or stop the process while
    /// the terminal is silent.
    private static func silenced(_ before: termios) -> termios {
        var attributes = before
        attributes.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL)
        attributes.c_lflag |= tcflag_t(ICANON | ISIG)
        withUnsafeMutableBytes(of: &attributes.c_cc) { characters in
            // _POSIX_VDISABLE.
            for index in [VQUIT, VSUSP] { characters[Int(index)] = 0 }
        }
        return attributes
    }
}
