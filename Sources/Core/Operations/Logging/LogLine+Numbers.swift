internal import Linux

extension LogLine {
    mutating func append(_ number: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        append(magnitude: number.magnitude)
    }

    /// JSON has no word for infinity and not-a-number (RFC 8259, section 6): there they are strings.
    mutating func append(_ number: Double) {
        let needsQuotes = format == .json && !number.isFinite
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
        bytes.append(contentsOf: number.description.utf8)
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    }

    /// Seconds with six decimals. A person is told the unit; a machine gets a plain number.
    mutating func append(_ duration: Duration) {
        let microseconds = duration.nanoseconds / 1_000
        if microseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        let (seconds, fraction) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        append(magnitude: UInt(seconds))
        bytes.append(UInt8(ascii: "."))
        append(magnitude: UInt(fraction), digits: 6)
        if format == .text { bytes.append(UInt8(ascii: "s")) }
    }

    /// Writes the digits from the last to the first into room made for them: no text comes into being on the way.
    private mutating func append(magnitude: UInt, digits: Int = 1) {
        var count = digits
        var bound = UInt(1)
        for _ in 0..<digits { bound *= 10 }
        while bound <= magnitude {
            count += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        let start = bytes.count
        for _ in 0..<count { bytes.append(UInt8(ascii: "0")) }
        var rest = magnitude
        for position in stride(from: start + count - 1, through: start, by: -1) {
            bytes[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
