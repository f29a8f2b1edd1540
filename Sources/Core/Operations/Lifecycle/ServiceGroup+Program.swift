internal import Linux

extension ServiceGroup {
    /// The whole of a `main` that is not `async`: prepares signals, runs `body` on other threads, and exits with the status
    /// it answers.
    ///
    /// An `async` main would not do. It gives the main thread to libdispatch, which parks it in sigsuspend(2) with no
    /// signal blocked, and the first SIGTERM would end the process right there. Here the main thread sleeps on a lock
    /// and keeps its signals blocked.
    public static func runProgram(_ body: @escaping @Sendable () async -> Int32) -> Never {
        prepareSignals()
        let status = Monitor<Int32?>(nil)
        Task {
            let answer = await body()
            status.update { $0 = answer }
        }
        // Nothing is left to be done. The handlers of exit(3), OpenSSL's among them, would free what a thread that winds down
        // still uses.
        ProcessInfo.exitImmediately(status.wait { $0 })
    }

    /// To be called first in a `main` that is not `async`, before any thread exists: threads inherit what is blocked, and a
    /// signal that one of them does not block ends the process there. Also makes a broken pipe an error instead of the
    /// end.
    public static func prepareSignals() { ProcessSignals.prepare() }
}
