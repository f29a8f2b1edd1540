import Linux
import Testing

@Suite struct CivilTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z", 4), (951_782_400, "2000-02-29T00:00:00Z", 2),
        (1_768_473_000, "2026-01-15T10:30:00Z", 4),
        (4_102_444_799, "2099-12-31T23:59:59Z", 4), (-1, "1969-12-31T23:59:59Z", 3),
        (-2_208_988_800, "1900-01-01T00:00:00Z", 1),
        (68_169_600, "1972-02-29T00:00:00Z", 2), (4_107_542_400, "2100-03-01T00:00:00Z", 1),
    ])
    func `seconds are read as a date and a weekday, and back`(_ seconds: Int64, _ text: String, _ weekday: Int) {
        let time = WallTime(seconds: seconds)
        let civil = CivilTime(time)
        #expect(time.rfc3339 == text)
        #expect(civil.weekday == weekday)
        let back = CivilTime.seconds(
            year: civil.year,
            month: civil.month,
            day: civil.day,
            hour: civil.hour,
            minute: civil.minute,
            second: civil.second
        )
        #expect(back == seconds)
    }

    @Test func `every day of eight centuries follows the one before`() {
        var previous = CivilTime(WallTime(seconds: CivilTime.seconds(year: 1700, month: 1, day: 1)))
        for day in 1..<292_000 {
            let seconds = CivilTime.seconds(year: 1700, month: 1, day: 1) + Int64(day) * 86_400
            let civil = CivilTime(WallTime(seconds: seconds))
            let isNext = civil.day == previous.day + 1 && civil.month == previous.month && civil.year == previous.year
            let isNewMonth = civil.day == 1 && (civil.month == previous.month + 1 || civil.month == 1)
            if !(isNext || isNewMonth) || civil.weekday != (previous.weekday + 1) % 7 {
                Issue.record("after \(previous) came \(civil)")
            }
            previous = civil
        }
    }

    @Test func `milliseconds are shown on request`() {
        #expect(
            WallTime(seconds: 0, nanosecondPart: 42_999_999).rfc3339(milliseconds: true) == "1970-01-01T00:00:00.042Z"
        )
    }
}
