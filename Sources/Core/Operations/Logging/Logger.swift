public import Linux

/// Writes the lines of one part of the program: a level to start from, and fields that stand in every line.
///
/// A value, cheap to copy: `let log = logger.with("request_id", .string(id))`. Its fixed fields are rendered once, when
/// they are added. What a disabled level would have said is never computed.
///
///     2026-01-15T10:30:00.042Z INFO  request service=api method=GET status=200 duration=0.000412s
public struct Logger: Sendable {
    public let minimumLevel: LogLevel
    private let output: Output
    /// The fixed fields as they stand in a line.
    private let fixed: [UInt8]

    public init(
        minimumLevel: LogLevel = .info,
        format: LogFormat = .text,
        sink: any LogSink,
        now: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.minimumLevel = minimumLevel
        output = Output(format: format, sink: sink, now: now)
        fixed = []
    }

    private init(minimumLevel: LogLevel, output: Output, fixed: [UInt8]) {
        self.minimumLevel = minimumLevel
        self.output = output
        self.fixed = fixed
    }

    /// A logger that adds one more field to each of its lines. All such fields have 16 KiB together; one that finds no
    /// room is left out.
    public func with(_ key: String, _ value: LogValue) -> Logger {
        var line = LogLine(format: output.format, capacity: fixed.count + 64, limit: LogLine.maximumFixedLength)
        line.append(rendered: fixed)
        line.append(key: key, value: value)
        return Logger(minimumLevel: minimumLevel, output: output, fixed: line.bytes)
    }

    /// The same with another level to start from.
    public func with(minimumLevel: LogLevel) -> Logger {
        Logger(minimumLevel: minimumLevel, output: output, fixed: fixed)
    }

    /// Whether lines of this level are written.
    public func isEnabled(_ level: LogLevel) -> Bool { level >= minimumLevel }

    /// Writes one line, unless its level is below the minimum.
    public func log(
        _ level: LogLevel,
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> LogFields = [:]
    ) {
        guard isEnabled(level) else { return }
        output.write(level, message(), fixed: fixed, fields())
    }

    /// Waits until the lines so far are where they go, but for no longer than that. Before the program ends, by threads
    /// that may wait.
    @discardableResult
    public func flush(within duration: Duration) -> Bool { output.flush(within: duration) }
}

extension Logger {
    /// What only a developer reads.
    public func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.debug, message(), fields())
    }

    /// What happens all the time.
    public func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.info, message(), fields())
    }

    /// What happens rarely and is all right: a start, a stop, a change of configuration.
    public func notice(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.notice, message(), fields())
    }

    /// What somebody should look at soon.
    public func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.warning, message(), fields())
    }

    /// What failed: somebody did not get what they asked for.
    public func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.error, message(), fields())
    }

    /// What keeps the program from working at all.
    public func critical(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.critical, message(), fields())
    }
}

/// What all copies of a logger share.
private final class Output: Sendable {
    let format: LogFormat
    private let sink: any LogSink
    private let now: @Sendable () -> WallTime

    init(format: LogFormat, sink: any LogSink, now: @escaping @Sendable () -> WallTime) {
        self.format = format
        self.sink = sink
        self.now = now
    }

    func write(_ level: LogLevel, _ message: String, fixed: [UInt8], _ fields: LogFields) {
        // Room for the time, the level and about as much again for the fields as most lines have.
        var line = LogLine(format: format, capacity: 256 + message.utf8.count + fixed.count)
        line.begin(time: now(), level: level, message: message)
        line.append(rendered: fixed)
        line.append(fields)
        line.finish()
        sink.write(line.bytes)
    }

    func flush(within duration: Duration) -> Bool { sink.flush(within: duration) }
}
