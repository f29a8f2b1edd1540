internal import Glibc

/// What the operating system knows of this process.
public enum ProcessInfo {
    public static var identifier: Int32 { getpid() }

    /// Every variable of the environment, the first one where a name stands twice.
    public static var environment: [String: String] {
        var result: [String: String] = [:]
        var cursor: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
        while let entry = cursor.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                let name = String(text[..<equals])
                if result[name] == nil { result[name] = String(text[text.index(after: equals)...]) }
            }
            cursor += 1
        }
        return result
    }

    /// Processors this process may run on.
    public static var processorCount: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

    /// RLIMIT_NOFILE: raises the soft limit to the hard one and answers it.
    public static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard callOnce({ getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }) == 0 else { return 1_024 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let failure = callOnce { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        return Int(clamping: failure == 0 ? limit.rlim_max : soft)
    }

    /// Ends the process at once, without running anything more.
    public static func exitImmediately(_ status: Int32) -> Never { _exit(status) }

    /// exit(3).
    public static func exit(_ status: Int32) -> Never { Glibc.exit(status) }
}
