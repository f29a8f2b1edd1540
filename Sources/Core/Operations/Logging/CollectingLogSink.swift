internal import Linux

/// Keeps every line in memory, for tests that ask what was logged and what was not.
public final class CollectingLogSink: LogSink {
    private let collected = Lock<[String]>([])

    public init() {}

    public func write(_ line: [UInt8]) {
        let text = String(decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...], as: UTF8.self)
        collected.withLock { $0.append(text) }
    }

    /// The lines so far, each without its newline.
    public var lines: [String] { collected.withLock { $0 } }

    /// Everything so far, in the layout a file would have.
    public var text: String { lines.map { $0 + "\n" }.joined() }

    /// Whether any line holds this text.
    public func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }
}
