import Contract
import Linux
import Testing

/// RFC 3339 in UTC.
@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0), ("2026-01-15T10:30:00Z", 1_768_473_000, 0),
        ("1985-04-12T23:20:50.52Z", 482_196_050, 520_000_000),
        ("2000-02-29T23:59:59.999999999Z", 951_868_799, 999_999_999),
        ("1969-12-31T23:59:59Z", -1, 0), ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ("2026-01-15T10:30:00.0000000019Z", 1_768_473_000, 1),
    ])
    func `a time is read`(_ text: String, _ seconds: Int64, _ nanoseconds: Int32) {
        #expect(WallTime(rfc3339: text) == WallTime(seconds: seconds, nanosecondPart: nanoseconds))
    }

    @Test(arguments: [
        "", "Z", "2026-01-15", "2026-01-15T10:30:00", "2026-01-15t10:30:00Z", "2026-01-15T10:30:00z",
        "2026-01-15 10:30:00Z", "2026-01-15T10:30:00+00:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-15T24:00:00Z",
        "2026-01-15T10:60:00Z", "2016-12-31T23:59:60Z", "2026-01-15T10:30:00.Z", "2026-01-15T10:30:00,5Z",
        "2026-01-15T10:30:00.5xZ", "+026-01-15T10:30:00Z", "2026-01-15T10:30:00.\u{664}Z", " 2026-01-15T10:30:00Z",
        "2026-01-15T10:30:00.000000000xZ", "2026-01-15T10:30:00.00000000000000000000000000000000000Z",
    ])
    func `what is no time of UTC is refused`(_ text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test func `a time that is cut is no time, unless in its fraction`() {
        let text = "2026-01-15T10:30:00Z"
        for length in 0..<text.count { #expect(WallTime(rfc3339: String(text.prefix(length))) == nil) }
    }

    @Test func `what is written is read again`() {
        for seconds in stride(from: Int64(-62_167_219_200), through: 253_402_300_799, by: 1_234_567_891) {
            let time = WallTime(seconds: seconds)
            #expect(WallTime(rfc3339: time.rfc3339) == time)
        }
    }
}
