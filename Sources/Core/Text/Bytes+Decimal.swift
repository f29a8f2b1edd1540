extension [UInt8] {
    /// Appends a whole number in decimal, without making a text of it.
    public mutating func append(decimal magnitude: UInt64) {
        // The last digit first: a division by a number that is known costs a fraction of any other.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = digits.count
        var rest = magnitude
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        for place in start..<digits.count { append(digits[place]) }
    }

    public mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: UInt64(value.magnitude))
    }
}

extension Int {
    /// In how many bytes it is written.
    public var decimalLength: Int {
        var length = self < 0 ? 2 : 1
        var rest = magnitude
        while rest >= 10 {
            length += 1
            rest /= 10
        }
        return length
    }
}
