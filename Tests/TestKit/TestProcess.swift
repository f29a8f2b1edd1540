public import Linux

/// Starts programs that do not outlive the test program, however that ends: by exit(3), a crash or SIGKILL.
public enum TestProcess {
    /// Like `ChildProcess.start`, by way of setpriv(1), which asks the kernel for the signal (PR_SET_PDEATHSIG).
    ///
    /// > the "parent" in this case is considered to be the thread that created this process. In other words, the signal will be
    /// > sent when that thread terminates
    ///
    /// So a thread that never ends starts them all. The setting is lost when a program changes its user.
    public static func start(
        path: String,
        arguments: [String] = [],
        output: String? = nil
    ) throws(SystemError) -> ChildProcess {
        let outcome = Monitor<Result<ChildProcess, SystemError>?>(nil)
        requests.update { requests in
            requests.append {
                let result = Result { () throws(SystemError) in
                    try ChildProcess.start(
                        path: "/usr/bin/setpriv",
                        arguments: ["--pdeathsig", "KILL", path] + arguments,
                        output: output
                    )
                }
                outcome.update { $0 = result }
            }
        }
        return try outcome.wait { $0 }.get()
    }

    private static let requests: Monitor<[@Sendable () -> Void]> = {
        let requests = Monitor<[@Sendable () -> Void]>([])
        do {
            let thread = try SystemThread.start(name: "test-processes") {
                while true {
                    let request = requests.wait { $0.isEmpty ? nil : $0.removeFirst() }
                    request()
                }
            }
            thread.detach()
        } catch {
            preconditionFailure("no thread to start processes from: \(error)")
        }
        return requests
    }()
}
