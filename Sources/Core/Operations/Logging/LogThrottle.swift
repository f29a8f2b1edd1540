public import Linux

/// Lets a line through once in a while, and counts those that it holds back: for what may happen very often, as others
/// please.
public final class LogThrottle: Sendable {
    private struct State {
        var next = MonotonicTime(nanoseconds: .min)
        var count = 0
    }

    private let interval: Duration
    private let state = Lock(State())

    public init(interval: Duration) { self.interval = interval }

    /// How often it has happened since the last line, this time included; nil while it is too early for another one. For
    /// any thread.
    public func happened(at now: MonotonicTime = .now()) -> Int? {
        state.withLock { state in
            state.count += 1
            guard now >= state.next else { return nil }
            defer { state.count = 0 }
            state.next = now + interval
            return state.count
        }
    }
}
