/// Where finished log lines go.
public protocol LogSink: Sendable {
    /// Takes one line: UTF-8, ending with the only newline in it, at most 64 KiB. Called from any thread, event loops
    /// among them: a sink of a program that serves does not wait here for whoever reads the log.
    func write(_ line: [UInt8])

    /// Waits until the lines taken so far are where they go, but for no longer than that; false when they are not. For
    /// threads that may wait, before the program ends.
    @discardableResult
    func flush(within duration: Duration) -> Bool
}

extension LogSink {
    /// There is nothing to wait for where `write` has done all of it.
    public func flush(within duration: Duration) -> Bool { true }
}
