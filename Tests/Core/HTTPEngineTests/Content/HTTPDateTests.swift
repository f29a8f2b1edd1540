import HTTPEngine
import Linux
import Testing

@Suite struct HTTPDateTests {
    /// In 2026: the two-digit years of these tests are read from there.
    private let now = WallTime(seconds: 1_768_000_000)

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func `the three forms of RFC 9110 are the same time`(text: String) {
        #expect(HTTPDate.parse(text, now: now) == WallTime(seconds: 784_111_777))
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"), (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (.max, "Fri, 31 Dec 9999 23:59:59 GMT"), (.min, "Sat, 01 Jan 0000 00:00:00 GMT"),
    ])
    func `a time is written in the preferred form`(seconds: Int64, text: String) {
        #expect(HTTPDate.format(WallTime(seconds: seconds, nanosecondPart: 999_999_999)) == text)
    }

    @Test func `appending adds exactly its 29 bytes`() {
        var bytes = [UInt8]("Date: ".utf8)
        HTTPDate.append(WallTime(seconds: 784_111_777), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "Date: Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(bytes.count == 6 + HTTPDate.length)
    }

    @Test func `times all over the calendar read back the same`() {
        for seconds in stride(from: Int64(-62_000_000_000), to: 250_000_000_000, by: 12_345_678_9) {
            let time = WallTime(seconds: seconds)
            let text = HTTPDate.format(time)
            if HTTPDate.parse(text, now: now) != time { Issue.record("\(text) is not \(seconds)") }
        }
    }

    @Test(arguments: [
        ("Friday, 31-Dec-99 23:59:59 GMT", 1_999), ("Friday, 01-Jan-26 00:00:00 GMT", 2_026),
        ("Friday, 01-Jan-76 00:00:00 GMT", 2_076), ("Friday, 01-Jan-77 00:00:00 GMT", 1_977),
        ("Friday, 01-Jan-00 00:00:00 GMT", 2_000),
    ])
    func `a two-digit year lies at most fifty years ahead`(text: String, year: Int) throws {
        let time = try #require(HTTPDate.parse(text, now: now))
        #expect(CivilTime(time).year == year)
    }

    @Test func `a leap second is the beginning of the next minute`() {
        #expect(
            HTTPDate.parse("Sat, 31 Dec 2016 23:59:60 GMT", now: now)
                == HTTPDate.parse("Sun, 01 Jan 2017 00:00:00 GMT", now: now)
        )
    }

    @Test(arguments: [
        "", "now", "784111777", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000", "sun, 06 nov 1994 08:49:37 gmt", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 29 Feb 2023 08:49:37 GMT", "Sun, 32 Dec 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 -8:49:37 GMT", "Sun, 06 Nov +994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
        "Sun Nov 06 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
    ])
    func `what is not a date is none`(text: String) {
        #expect(HTTPDate.parse(text, now: now) == nil)
    }

    @Test func `the second form of asctime has two digits`() {
        #expect(HTTPDate.parse("Wed Nov 16 08:49:37 1994", now: now) == WallTime(seconds: 784_975_777))
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func `hostile input is refused or within four digits of a year`(sample: String) {
        forEachHostileVariant(of: sample) { input in
            guard let time = HTTPDate.parse(input, now: now) else { return }
            if input.utf8.count != sample.utf8.count { Issue.record("\(input) is cut off and was read") }
            // 24:00:00 and the like would not come back as what they were read as.
            if HTTPDate.parse(HTTPDate.format(time), now: now) != time { Issue.record("\(input) changed") }
        }
    }
}
