/// At most `limit` hits within any stretch of `length`: a hit at time t leaves the window at exactly t + length.
public struct SlidingWindow: Hashable, Sendable {
    public let length: Duration
    public let limit: Int

    public init(length: Duration, limit: Int) {
        precondition(length > .zero && limit > 0, "a window has a length and room for a hit")
        self.length = length
        self.limit = limit
    }
}

/// What came of a hit.
public struct HitOutcome: Equatable, Sendable {
    /// Counted in every window; otherwise in none.
    public let isAllowed: Bool
    /// The state of each window after it, in the order they were given.
    public let windows: [WindowState]

    public init(isAllowed: Bool, windows: [WindowState]) {
        self.isAllowed = isAllowed
        self.windows = windows
    }
}

public struct WindowState: Equatable, Sendable {
    /// Hits that still fit now.
    public let remaining: Int
    /// Until there is room for at least one more, zero when there is.
    public let retryAfter: Duration

    public init(remaining: Int, retryAfter: Duration) {
        self.remaining = remaining
        self.retryAfter = retryAfter
    }
}
