/// Where finished log lines go.
public protocol LogSink: Sendable {
    /// Takes one line: UTF-8, ending with the only newline in it, at most 64 KiB. Called from any thread, event loops
    /// among them.
    func write(_ line: [UInt8])
}
