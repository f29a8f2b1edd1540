internal import Linux

/// The signals of this process as a stream, instead of handlers that could do next to nothing.
enum ProcessSignals {
    private static let awaited: [Signal] = [.terminate, .interrupt]

    /// See `ServiceGroup.prepareSignals`.
    static func prepare() {
        SignalSet(awaited).block()
        Signal.ignoreBrokenPipes()
    }

    /// Starts a thread that waits for signals until the process ends.
    ///
    /// > A process-directed signal may be delivered to any one of the threads that does not currently have the signal
    /// > blocked.
    ///
    /// With none of those it stays pending, until the thread that waits takes it.
    static func stream() throws(SystemError) -> AsyncStream<Signal> {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
        let thread = try SystemThread.start(name: "signals") {
            let signals = SignalSet(awaited)
            while true { continuation.yield(signals.wait()) }
        }
        thread.detach()
        return stream
    }
}
