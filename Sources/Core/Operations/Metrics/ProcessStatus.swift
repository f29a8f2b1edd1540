internal import Linux

/// The fields of /proc/self/stat that are worth a metric. proc_pid_stat(5) numbers them from 1.
package struct ProcessStatus: Equatable, Sendable {
    /// utime (14) and stime (15).
    package let processorTicks: Int
    /// num_threads (20).
    package let threads: Int
    /// starttime (22), since the machine was started.
    package let startTicks: Int
    /// rss (24).
    package let residentPages: Int

    static func current() -> ProcessStatus? {
        guard let contents = try? File.contents(path: "/proc/self/stat", limit: 4_096) else { return nil }
        return ProcessStatus(stat: contents)
    }

    /// The second field is the name of the program in parentheses, and may hold spaces and parentheses itself: counting
    /// begins behind the last one that closes.
    package init?(stat: [UInt8]) {
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let words = stat[(end + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        func field(_ number: Int) -> Int? {
            // The first word is field 3.
            let index = number - 3
            return index < words.count ? Int(String(decoding: words[index], as: UTF8.self)) : nil
        }
        guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
            let pages = field(24)
        else { return nil }
        processorTicks = user + system
        self.threads = threads
        startTicks = start
        residentPages = pages
    }
}
