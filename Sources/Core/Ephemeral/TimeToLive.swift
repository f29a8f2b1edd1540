internal import Linux

extension Duration {
    /// How long an entry lives, in the milliseconds that stores count in: rounded up, at least one, and at most a
    /// hundred years.
    package var timeToLive: Int {
        let longest = 100 * 365 * 86_400_000
        return min(max(Int((nanoseconds.clampedForRounding + 999_999) / 1_000_000), 1), longest)
    }
}

extension Int64 {
    fileprivate var clampedForRounding: Int64 { Swift.min(self, .max - 999_999) }
}
