import Testing

@testable import Operations

@Suite struct NumberWithUnitTests {
    @Test(arguments: [
        ("0", 0), ("10", 10_000), ("500ms", 500), ("10s", 10_000), ("5m", 300_000), ("2h", 7_200_000),
        ("30d", 2_592_000_000), ("1H", 3_600_000), ("", nil), ("s", nil), ("10 s", nil), ("-1s", nil), ("+1", nil),
        ("1.5h", nil), ("1w", nil), ("10sm", nil), ("٣s", nil), ("9223372036854775807", nil),
        ("9223372036854775808ms", nil), ("9223372036854775807ms", Int64.max),
    ])
    func `durations are read in milliseconds`(text: String, expected: Int64?) {
        #expect(NumberWithUnit.milliseconds.parse(text) == expected)
    }

    @Test(arguments: [
        ("0", 0), ("1000", 1_000), ("64k", 65_536), ("64K", 65_536), ("64KiB", 65_536), ("10m", 10_485_760),
        ("10MiB", 10_485_760), ("1g", 1_073_741_824), ("1GiB", 1_073_741_824), ("64kb", nil), ("64MB", nil), ("k", nil),
        ("0x10", nil), ("8589934592g", nil),
    ])
    func `sizes are read in bytes`(text: String, expected: Int64?) {
        #expect(NumberWithUnit.bytes.parse(text) == expected)
    }

    @Test(arguments: [
        (0, "0", "0"), (1, "1ms", "1"), (1_500, "1500ms", "1500"), (60_000, "1m", "60000"), (90_000, "90s", "90000"),
        (86_400_000, "1d", "84375k"), (65_536, "65536ms", "64k"), (1 << 30, "1073741824ms", "1g"),
    ])
    func `numbers are written in the largest unit that leaves no rest, and read back`(
        value: Int64,
        time: String,
        size: String
    ) {
        #expect(NumberWithUnit.milliseconds.text(value) == time)
        #expect(NumberWithUnit.milliseconds.parse(time) == value)
        #expect(NumberWithUnit.bytes.text(value) == size)
        #expect(NumberWithUnit.bytes.parse(size) == value)
    }
}
