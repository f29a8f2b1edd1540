/// How long to wait before the next attempt to connect: from 50 ms on, doubled each time, never more than a second.
///
/// With jitter, so that the loops of many programs do not come back in step.
struct ReconnectBackoff {
    private(set) var failureCount = 0

    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        let full = Duration.milliseconds(min(1_000, 50 << min(failureCount, 5)))
        failureCount += 1
        return full * Double.random(in: 0.5...1, using: &random)
    }

    mutating func reset() { failureCount = 0 }
}
