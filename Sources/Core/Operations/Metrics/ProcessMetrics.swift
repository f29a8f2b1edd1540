internal import Linux

/// What the kernel counts for this process, read from /proc when it is asked for. The names are those that Prometheus
/// clients agree on.
public struct ProcessMetrics: Sendable {
    private let startTime: Double?

    /// Reads what does not change: when the process was started.
    public init() {
        let bootTime = (try? File.contents(path: "/proc/stat", limit: 4_194_304)).flatMap(\.self)
            .flatMap(ProcessMetrics.bootTime(stat:))
        let ticks = ProcessStatus.current()?.startTicks
        startTime = bootTime.flatMap { boot in
            ticks.map { Double(boot) + Double($0) / Double(SystemConfiguration.clockTicksPerSecond) }
        }
    }

    /// The metrics in the text format of Prometheus, to be put behind those of a registry. What /proc does not tell is
    /// left out.
    public func render() -> [UInt8] {
        var writer = ExpositionWriter()
        if let status = ProcessStatus.current() {
            writer.gauge(
                "process_resident_memory_bytes",
                help: "Resident memory size in bytes.",
                value: Double(status.residentPages * SystemConfiguration.pageSize)
            )
            writer.header(
                name: "process_cpu_seconds_total",
                help: "Total user and system CPU time spent in seconds.",
                type: "counter"
            )
            writer.sample(
                "process_cpu_seconds_total",
                value: Double(status.processorTicks) / Double(SystemConfiguration.clockTicksPerSecond)
            )
            writer.gauge("process_threads", help: "Number of OS threads.", value: Double(status.threads))
        }
        // The count holds the descriptor that the counting itself needed.
        if let count = try? Directory.entries(path: "/proc/self/fd").count {
            writer.gauge("process_open_fds", help: "Number of open file descriptors.", value: Double(count - 1))
        }
        if let startTime {
            writer.gauge(
                "process_start_time_seconds",
                help: "Start time of the process since unix epoch in seconds.",
                value: startTime
            )
        }
        return writer.bytes
    }

    /// The line `btime` of /proc/stat: when the machine was started, in seconds since 1970.
    package static func bootTime(stat: [UInt8]) -> Int? {
        for line in stat.split(separator: UInt8(ascii: "\n")) where line.starts(with: "btime ".utf8) {
            return Int(String(decoding: line.dropFirst(6), as: UTF8.self))
        }
        return nil
    }
}

extension ExpositionWriter {
    fileprivate mutating func gauge(_ name: String, help: String, value: Double) {
        header(name: name, help: help, type: "gauge")
        sample(name, value: value)
    }
}
