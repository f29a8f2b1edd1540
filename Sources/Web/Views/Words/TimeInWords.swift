internal import Linux
internal import Mustache

/// A time as people say it, seen from another: "3 minutes ago", "yesterday", "in 2 days".
///
/// Days and longer are counted by the calendar in UTC: what was last evening is "yesterday" in the morning.
struct TimeInWords {
    let time: WallTime
    let now: WallTime

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    var value: MustacheValue {
        ["at": .string(time.rfc3339), "exact": .string(exact), "words": .string(words)]
    }

    var words: String {
        let seconds = now.seconds - time.seconds
        let isPast = seconds >= 0
        let distance = seconds.magnitude
        // A clock that is a little ahead of another makes no future.
        if distance < 45 { return isPast || distance < 10 ? "just now" : "in a moment" }
        if distance < 90 { return isPast ? "a minute ago" : "in a minute" }
        if distance < 3_570 { return phrase((distance + 30) / 60, "minutes", isPast) }
        if distance < 5_400 { return isPast ? "an hour ago" : "in an hour" }
        let days = (TimeInWords.day(of: now) - TimeInWords.day(of: time)).magnitude
        if distance < 79_200 || days == 0 { return phrase((distance + 1_800) / 3_600, "hours", isPast) }
        if days == 1 { return isPast ? "yesterday" : "tomorrow" }
        if days < 14 { return phrase(UInt64(days), "days", isPast) }
        return date
    }

    /// "15 January 2026, 10:30:00 UTC".
    var exact: String {
        let civil = CivilTime(time)
        let clock = [civil.hour, civil.minute, civil.second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(date), \(clock.joined(separator: ":")) UTC"
    }

    /// "15 January 2026".
    private var date: String {
        let civil = CivilTime(time)
        return "\(civil.day) \(TimeInWords.months[civil.month - 1]) \(civil.year)"
    }

    private func phrase(_ count: UInt64, _ unit: String, _ isPast: Bool) -> String {
        isPast ? "\(count) \(unit) ago" : "in \(count) \(unit)"
    }

    private static func day(of time: WallTime) -> Int64 { Int64((Double(time.seconds) / 86_400).rounded(.down)) }
}

extension PageFrame {
    func words(for time: WallTime) -> MustacheValue { TimeInWords(time: time, now: now).value }

    /// Null for what has never been.
    func words(for time: WallTime?) -> MustacheValue { time.map { words(for: $0) } ?? .null }
}
