public import Linux

extension WallTime {
    /// Reads RFC 3339 §5.6 as it is written in UTC: `2026-01-15T10:30:00Z`, with any number of digits behind a point,
    /// of which nine count. A lower-case `t` or `z` and other offsets are refused: nobody who asks needs them, and one
    /// time has one spelling. So are leap seconds, which this clock does not have.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, bytes.last == UInt8(ascii: "Z") else { return nil }
        let signs = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard signs.allSatisfy({ bytes[$0] == $1.utf8.first }),
            let year = bytes[0..<4].decimal, let month = bytes[5..<7].decimal, let day = bytes[8..<10].decimal,
            let hour = bytes[11..<13].decimal, let minute = bytes[14..<16].decimal, let second = bytes[17..<19].decimal,
            let nanoseconds = bytes[19..<bytes.count - 1].nanoseconds,
            hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds = CivilTime.seconds(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        let time = WallTime(seconds: seconds, nanosecondPart: nanoseconds)
        // A day that its month does not have comes back as another one.
        let civil = CivilTime(time)
        guard civil.year == year, civil.month == month, civil.day == day else { return nil }
        self = time
    }
}

extension ArraySlice<UInt8> {
    /// Nil when there is anything but digits.
    fileprivate var decimal: Int? {
        var value = 0
        for byte in self {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// Of a fraction with its point, or of nothing.
    fileprivate var nanoseconds: Int32? {
        if isEmpty { return 0 }
        let digits = dropFirst()
        guard first == UInt8(ascii: "."), !digits.isEmpty else { return nil }
        // Those beyond the ninth are looked at, but do not count.
        guard digits.dropFirst(9).decimalDigitsOnly else { return nil }
        let padded = digits.prefix(9) + Array(repeating: UInt8(ascii: "0"), count: Swift.max(0, 9 - digits.count))
        return padded.decimal.map(Int32.init)
    }

    private var decimalDigitsOnly: Bool { allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
}
