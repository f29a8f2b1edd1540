/// Pauses between attempts that fail: the first is none, then each is twice as long as the one before up to the longest, less
/// a random part of up to half, so that many clients of one server do not come back in step.
struct Backoff {
    let shortest: Duration
    let longest: Duration
    private var failures = 0

    init(shortest: Duration, longest: Duration) {
        self.shortest = shortest
        self.longest = longest
    }

    mutating func reset() { failures = 0 }

    /// - Parameter random: from 0 up to 1.
    mutating func next(random: Double) -> Duration {
        defer { failures += 1 }
        if failures == 0 { return .zero }
        let full = min(longest, shortest * (1 << min(failures - 1, 16)))
        return full * (1 - random / 2)
    }
}
