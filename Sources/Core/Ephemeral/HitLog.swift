/// The hits of one subject that were counted, in the order of their times.
///
/// The same steps as the limiter's script takes in Redis, with the same results.
struct HitLog {
    /// Microseconds, ascending from `start` on. What lies before `start` was dropped.
    private var times: [Int64] = []
    private var start = 0

    init() {}

    var count: Int { times.count - start }
    /// What the array holds on to.
    var size: Int { times.capacity * MemoryLayout<Int64>.size }

    /// By how much one more hit may make it grow: the array doubles when it is full.
    var growth: Int { times.count < times.capacity ? 0 : max(size, 64) }

    /// Counts a hit in every window, or in none when one of them is full.
    mutating func hit(_ windows: [SlidingWindow], at now: Int64) -> HitOutcome {
        let lengths = windows.map(\.microseconds)
        let counts = lengths.map { length in times.count - firstIndex(after: now - length) }
        let isAllowed = zip(windows, counts).allSatisfy { $1 < $0.limit }
        if isAllowed {
            times.insert(now, at: firstIndex(after: now))
            if let longest = lengths.max() { drop(upTo: now - longest) }
        }
        let states = windows.indices.map { index in
            let (window, added) = (windows[index], isAllowed ? 1 : 0)
            let remaining = window.limit - counts[index] - added
            guard remaining <= 0 else { return WindowState(remaining: remaining, retryAfter: .zero) }
            // When this one leaves, the limit less one are left.
            let oldest = times[times.count - window.limit]
            return WindowState(remaining: 0, retryAfter: .microseconds(oldest + lengths[index] - now))
        }
        return HitOutcome(isAllowed: isAllowed, windows: states)
    }

    /// Takes back one hit of that time.
    mutating func withdraw(at time: Int64) {
        let index = firstIndex(after: time) - 1
        if index >= start, times[index] == time { times.remove(at: index) }
    }

    private mutating func drop(upTo time: Int64) {
        start = firstIndex(after: time)
        // Moving the rest down costs as much as the hits that were added since it was done last.
        if start > 32, start > times.count / 2 {
            times.removeFirst(start)
            start = 0
        }
    }

    /// The index of the first hit later than `time`.
    private func firstIndex(after time: Int64) -> Int {
        var (low, high) = (start, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
