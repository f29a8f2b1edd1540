internal import Glibc

/// A point on the clock that never goes back (CLOCK_MONOTONIC). Deadlines and durations are measured with it.
public struct MonotonicTime: Comparable, Hashable, Sendable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static let distantFuture = MonotonicTime(nanoseconds: .max)

    public static func now() -> MonotonicTime {
        var time = timespec()
        // Fails only for a clock the kernel does not have.
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Stops at the distant future instead of overflowing.
    public static func + (left: MonotonicTime, right: Duration) -> MonotonicTime {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return overflow ? .distantFuture : MonotonicTime(nanoseconds: sum)
    }

    public static func - (left: MonotonicTime, right: MonotonicTime) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }
}

extension Duration {
    /// Whole nanoseconds, at most what 64 bits hold (292 years).
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }

    public var inSeconds: Double { Double(nanoseconds) / 1e9 }
}

/// A point of civil time in UTC, as seconds and nanoseconds since 1970. What is shown and stored.
public struct WallTime: Comparable, Hashable, Sendable {
    public let seconds: Int64
    public let nanosecondPart: Int32

    public init(seconds: Int64, nanosecondPart: Int32 = 0) {
        self.seconds = seconds
        self.nanosecondPart = nanosecondPart
    }

    public static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(seconds: Int64(time.tv_sec), nanosecondPart: Int32(time.tv_nsec))
    }

    public static func < (left: WallTime, right: WallTime) -> Bool {
        (left.seconds, left.nanosecondPart) < (right.seconds, right.nanosecondPart)
    }

    public static func + (left: WallTime, right: Duration) -> WallTime {
        let nanoseconds = Int64(left.nanosecondPart) + right.nanoseconds % 1_000_000_000
        let carry: Int64 = nanoseconds < 0 ? -1 : nanoseconds >= 1_000_000_000 ? 1 : 0
        return WallTime(
            seconds: left.seconds + right.nanoseconds / 1_000_000_000 + carry,
            nanosecondPart: Int32(nanoseconds - carry * 1_000_000_000)
        )
    }

    public static func - (left: WallTime, right: Duration) -> WallTime { left + (.zero - right) }
}
