public import Linux

/// Writes lines to a descriptor, standard error if nothing else is said, from a thread of its own: whoever logs does not
/// wait for whoever reads the log.
///
/// A pipe whose reader stands still is full soon, and the next write(2) to it waits. On an event loop that would be the end
/// of all service. So lines wait here, within bounds. One that finds no room is lost, and counted: a line behind those
/// before it says how many there were.
///
/// A trap of the runtime takes with it what the thread has not got to yet. Every other end of a program flushes.
public final class BackgroundLogSink: LogSink {
    fileprivate struct Queue: Sendable {
        /// Whole lines, the oldest first.
        var lines: [UInt8] = []
        /// Lines behind those that found no room.
        var lost = 0
        /// Bytes that were ever put in `lines`, and how many of them were dealt with.
        var taken = 0
        var finished = 0
        var isClosed = false
    }

    private let queue = Monitor(Queue())
    private let limit: Int

    /// - Parameters:
    ///   - descriptor: stays its owner's, who keeps it open for as long as anybody logs, and until a flush after that.
    ///   - format: of the line that counts the lost ones.
    ///   - limit: bytes that may wait.
    public init(
        _ descriptor: FileDescriptor = .standardError,
        format: LogFormat = .text,
        limit: Int = 4_194_304,
        now: @escaping @Sendable () -> WallTime = WallTime.now
    ) throws(SystemError) {
        self.limit = limit
        let thread = try SystemThread.start(name: "log") { [queue] in
            var writer = LogWriter(descriptor: descriptor, format: format, now: now)
            while writer.take(from: queue) {
                writer.write()
                writer.finish(in: queue)
            }
        }
        thread.detach()
    }

    deinit { queue.update(wakingAll: true) { $0.isClosed = true } }

    public func write(_ line: [UInt8]) {
        queue.update(wakingAll: true) { queue in
            // Once one is lost so are those behind it, or the count would stand in the wrong place.
            guard queue.lost == 0, queue.lines.count + line.count <= limit else {
                queue.lost += 1
                return
            }
            queue.lines += line
            queue.taken += line.count
        }
    }

    @discardableResult
    public func flush(within duration: Duration) -> Bool {
        let goal = queue.update { $0.taken }
        return queue.wait(until: .now() + duration) { $0.finished >= goal ? true : nil } ?? false
    }
}

/// What the thread of a sink works with.
private struct LogWriter {
    let descriptor: FileDescriptor
    let format: LogFormat
    let now: @Sendable () -> WallTime
    private var lines: [UInt8] = []
    private var lost = 0

    /// > POSIX.1 says that writes of less than PIPE_BUF bytes must be atomic
    ///
    /// Another process may write to the same pipe: its lines and ours must not end up within each other.
    private static let atomicCount = 4_096
    /// What a burst needed is given back after it.
    private static let keptCapacity = 65_536

    init(descriptor: FileDescriptor, format: LogFormat, now: @escaping @Sendable () -> WallTime) {
        self.descriptor = descriptor
        self.format = format
        self.now = now
    }

    /// Waits for lines, and takes all there are; false when there will be no more.
    mutating func take(from queue: Monitor<BackgroundLogSink.Queue>) -> Bool {
        queue.wait { queue in
            if queue.lines.isEmpty { return queue.isClosed ? false : nil }
            swap(&lines, &queue.lines)
            lost += queue.lost
            queue.lost = 0
            return true
        }
    }

    /// Writes what was taken, and how much was lost behind it.
    mutating func write() {
        var start = 0
        while start < lines.count {
            let end = endOfPortion(from: start)
            do throws(SystemError) {
                try descriptor.writeAll(lines.span.extracting(start..<end))
            } catch {
                lost += lines[start..<end].count { $0 == UInt8(ascii: "\n") }
            }
            start = end
        }
        if lost > 0 { reportLoss() }
    }

    /// As many whole lines as are written in one piece, or one that is longer than that.
    private func endOfPortion(from start: Int) -> Int {
        let end = min(start + LogWriter.atomicCount, lines.count)
        if let last = lines[start..<end].lastIndex(of: UInt8(ascii: "\n")) { return last + 1 }
        return lines[end...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.count
    }

    /// While nothing can be written that can not be said either: then the count is kept for the next time.
    private mutating func reportLoss() {
        var line = LogLine(format: format, capacity: 128)
        line.begin(time: now(), level: .warning, message: "log lines were lost")
        line.append(key: "lines", value: .integer(lost))
        line.finish()
        if (try? descriptor.writeAll(line.bytes.span)) != nil { lost = 0 }
    }

    mutating func finish(in queue: Monitor<BackgroundLogSink.Queue>) {
        queue.update(wakingAll: true) { $0.finished += lines.count }
        if lines.capacity > LogWriter.keptCapacity {
            lines = []
        } else {
            lines.removeAll(keepingCapacity: true)
        }
    }
}
