import Linux
import Mustache
import Testing

@testable import Web

@Suite struct WordsTests {
    private func words(_ seconds: Int, at now: WallTime = Samples.now) -> String {
        TimeInWords(time: now - .seconds(seconds), now: now).words
    }

    @Test(arguments: [
        (0, "just now"), (44, "just now"), (45, "a minute ago"), (89, "a minute ago"), (90, "2 minutes ago"),
        (180, "3 minutes ago"), (3_569, "59 minutes ago"), (3_570, "an hour ago"), (5_399, "an hour ago"),
        (5_400, "2 hours ago"), (79_199, "22 hours ago"), (79_200, "yesterday"), (86_400, "yesterday"),
        (2 * 86_400, "2 days ago"), (13 * 86_400, "13 days ago"), (14 * 86_400, "1 January 2026"),
        (400 * 86_400, "11 December 2024"), (-5, "just now"), (-30, "in a moment"), (-60, "in a minute"),
        (-600, "in 10 minutes"), (-3_600, "in an hour"), (-7_200, "in 2 hours"), (-86_400, "tomorrow"),
        (-3 * 86_400, "in 3 days"),
    ])
    func `times are said as people say them`(seconds: Int, expected: String) {
        #expect(words(seconds) == expected)
    }

    @Test func `yesterday is a day of the calendar, also before 1970`() {
        let morning = WallTime(seconds: 8 * 3_600)
        #expect(words(26 * 3_600, at: morning) == "yesterday")
        #expect(words(40 * 3_600, at: morning) == "2 days ago")
        #expect(words(26 * 3_600, at: WallTime(seconds: -86_400 * 3 + 100)) == "2 days ago")
    }

    @Test func `what was this morning is not said to be yesterday, nor what is this evening tomorrow`() {
        let night = WallTime(seconds: 100 * 86_400 + 23 * 3_600 + 1_800)
        #expect(words(22 * 3_600 + 1_800, at: night) == "23 hours ago")
        #expect(words(23 * 3_600 + 1_799, at: night) == "23 hours ago")
        #expect(words(23 * 3_600 + 1_800, at: night) == "24 hours ago")
        #expect(words(23 * 3_600 + 1_801, at: night) == "yesterday")
        let morning = WallTime(seconds: 100 * 86_400 + 1_800)
        #expect(words(-23 * 3_600, at: morning) == "in 23 hours")
        #expect(words(-24 * 3_600, at: morning) == "tomorrow")
        // Not long ago, but on another day.
        #expect(words(3_600, at: morning) == "an hour ago" && words(22 * 3_600, at: morning) == "yesterday")
    }

    @Test func `the exact time is told to the second`() {
        let time = TimeInWords(time: WallTime(seconds: 1_768_473_005), now: Samples.now)
        #expect(time.exact == "15 January 2026, 10:30:05 UTC")
        #expect(time.value == ["at": "2026-01-15T10:30:05Z", "exact": .string(time.exact), "words": "just now"])
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (4_812, "4,812"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
        (.min, "-9,223,372,036,854,775,808"),
    ])
    func `large numbers are read in threes`(count: Int, expected: String) {
        #expect(CountInWords.grouped(count) == expected)
    }

    @Test func `one is said otherwise than many`() {
        #expect(CountInWords.count(1, "user", "users") == "1 user")
        #expect(CountInWords.count(0, "user", "users") == "0 users")
    }
}
