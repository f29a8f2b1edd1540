internal import CLinux
internal import Glibc

/// A thread of the operating system that runs one function to its end.
public struct SystemThread: @unchecked Sendable {
    // pthread_t is a number or a pointer that only pthread calls look into; any thread may pass it to them.
    private let handle: pthread_t

    /// pthread_create(3). `name` shows in `top -H` and is cut at 15 bytes. Signals stay with the main thread: the new
    /// one blocks them all. `niceness`, 0 to 19, is how far it stands back when others want to run.
    ///
    /// Nonisolated on purpose: a closure literal written in main-actor code would be isolated to it and trap here.
    public nonisolated static func start(
        name: String,
        niceness: Int = 0,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> SystemThread {
        precondition((0...19).contains(niceness), "to stand in front takes a privilege")
        let box = Unmanaged.passRetained(Entry(name: name, niceness: niceness, body: body))
        var handle = pthread_t()
        let code = pthread_create(&handle, nil, runThread, box.toOpaque())
        if code != 0 { box.release() }
        try checkReturned("pthread_create", code)
        return SystemThread(handle: handle)
    }

    /// pthread_detach(3): nobody will join the thread, it cleans up after itself.
    public func detach() {
        let code = pthread_detach(handle)
        precondition(code == 0, "a thread was detached twice")
    }

    /// pthread_join(3). To be called once, and never from the thread itself.
    public func join() {
        let code = pthread_join(handle, nil)
        precondition(code == 0, "a thread was joined twice, or by itself")
    }

    /// getpriority(2): how far the calling thread stands back.
    public static var currentNiceness: Int { Int(getpriority(CInt(PRIO_PROCESS.rawValue), 0)) }

    /// A number that is different for all threads that live now. Costs one load.
    @inline(__always)
    public static var currentIdentity: UInt { UInt(pthread_self()) }
}

private final class Entry: Sendable {
    let name: String
    let niceness: Int
    let body: @Sendable () -> Void

    init(name: String, niceness: Int, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.niceness = niceness
        self.body = body
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { preconditionFailure("a thread without an entry") }
    let entry = Unmanaged<Entry>.fromOpaque(argument).takeRetainedValue()
    SignalSet.allFromOutside.block()
    _ = pthread_setname_np(pthread_self(), String(decoding: Array(entry.name.utf8.prefix(15)), as: UTF8.self))
    if entry.niceness > 0 {
        // > in the Linux/NPTL implementation of POSIX threads, the nice value is a per-thread attribute
        // Zero is the calling thread, and standing further back than now is always allowed.
        let niceness = min(19, SystemThread.currentNiceness + entry.niceness)
        _ = callOnce { setpriority(CInt(PRIO_PROCESS.rawValue), 0, CInt(niceness)) }
    }
    entry.body()
    return nil
}
