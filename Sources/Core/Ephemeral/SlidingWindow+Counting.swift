package import Linux

/// What both limiters must agree on.
extension SlidingWindow {
    /// Whole microseconds, rounded up.
    package var microseconds: Int64 {
        let nanoseconds = length.nanoseconds
        return nanoseconds / 1_000 + (nanoseconds % 1_000 == 0 ? 0 : 1)
    }

    /// The hits of a subject are kept for longer than the longest window by this much: the clock of the caller, which counts,
    /// may be behind that of the store, which forgets.
    package static let lingering = Duration.seconds(60)

    /// Stands before a subject in its key.
    package static let keyPrefix = "hits:"
}

extension WallTime {
    /// Since 1970, cut to the microsecond, which is what hits are told apart by.
    package var hitMicroseconds: Int64 { seconds * 1_000_000 + Int64(nanosecondPart / 1_000) }
}
