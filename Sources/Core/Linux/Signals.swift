internal import CLinux
internal import Glibc

/// The signals a service answers to.
public enum Signal: CInt, Sendable {
    case interrupt = 2
    case terminate = 15
    case hangUp = 1
}

/// A set of signals, to block and to wait for.
public struct SignalSet {
    private var set: sigset_t

    public init(_ signals: [Signal]) {
        set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal.rawValue) }
    }

    /// All but those by which the processor reports a mistake of the program: blocked, they would end the process without
    /// the report that Swift makes of them.
    static var allFromOutside: SignalSet {
        var signals = SignalSet([])
        sigfillset(&signals.set)
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals.set, number) }
        return signals
    }

    /// pthread_sigmask(3): the calling thread, and threads it starts afterwards, no longer get these signals.
    public func block() {
        var set = set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// signalfd(2): a descriptor that is readable while one of these signals waits to be taken. They must be blocked in every
    /// thread.
    func openDescriptor() throws(SystemError) -> FileDescriptor {
        var set = set
        // SFD_CLOEXEC is O_CLOEXEC.
        return FileDescriptor(number: try systemCall("signalfd") { signalfd(-1, &set, O_CLOEXEC) })
    }

    /// sigwait(3): waits for one of these signals, which must be blocked in every thread.
    public func wait() -> Signal {
        var set = set
        var number: CInt = 0
        while true {
            sigwait(&set, &number)
            if let signal = Signal(rawValue: number) { return signal }
        }
    }
}

extension Signal {
    /// SIG_IGN for SIGPIPE: a peer that left is an error of the write, never the end of the process.
    public static func ignoreBrokenPipes() { Glibc.signal(SIGPIPE, SIG_IGN) }

    /// kill(2) on this very process.
    public func raise() { Glibc.kill(getpid(), rawValue) }
}
