internal import Linux

/// How long a session lasts.
struct SessionLife: Equatable, Sendable {
    /// Without a request, unless the person asked to be kept signed in.
    let idle: Duration
    /// Whatever happens.
    let longest: Duration

    /// What is left of a session; nil when it is over.
    func remainder(of record: SessionRecord, at now: WallTime) -> Duration? {
        let end = record.start + longest
        let due = record.isKept ? end : min(end, record.lastUse + idle)
        return now < due ? .nanoseconds(due.nanoseconds(since: now)) : nil
    }

    /// Whether the time of the last use should be noted. Not at each request, which would cost a write: a session may end
    /// that much earlier than it says.
    func isUseWorthNoting(_ record: SessionRecord, at now: WallTime) -> Bool {
        !record.isKept && now.nanoseconds(since: record.lastUse) > min(idle / 20, .seconds(60)).nanoseconds
    }
}

extension WallTime {
    fileprivate func nanoseconds(since other: WallTime) -> Int64 {
        let (seconds, overflow) = (self.seconds - other.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return self < other ? .min / 2 : .max / 2 }
        return seconds + Int64(nanosecondPart - other.nanosecondPart)
    }
}
