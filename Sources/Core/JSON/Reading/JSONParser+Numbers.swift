extension JSONParser {
    /// The number whose first character is at the position (RFC 8259 §6).
    mutating func number(_ input: Span<UInt8>) throws(JSONError) -> JSONValue {
        let start = position
        var isWhole = true
        if input[position] == JSONSyntax.minus { position += 1 }
        if try peek(input) == JSONSyntax.zero {
            position += 1
            if position < input.count, JSONSyntax.isDigit(input[position]) {
                throw JSONError(.malformedNumber, at: position)
            }
        } else {
            try digits(input)
        }
        if position < input.count, input[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            try digits(input)
        }
        // A letter's other case is one bit away.
        if position < input.count, input[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            let sign = try peek(input)
            if sign == UInt8(ascii: "+") || sign == JSONSyntax.minus { position += 1 }
            try digits(input)
        }
        let characters = input.extracting(start..<position)
        if isWhole, let integer = integer(characters) { return .integer(integer) }
        guard let number = Double(try text(characters, at: start)), number.isFinite else {
            throw JSONError(.numberOutOfRange, at: start)
        }
        return .number(number)
    }

    /// At least one digit.
    private mutating func digits(_ input: Span<UInt8>) throws(JSONError) {
        guard JSONSyntax.isDigit(try peek(input)) else { throw JSONError(.malformedNumber, at: position) }
        while position < input.count, JSONSyntax.isDigit(input[position]) { position += 1 }
    }

    /// Nil when it does not fit. Counts downwards, because there is one more negative number than positive ones.
    private func integer(_ characters: Span<UInt8>) -> Int64? {
        let isNegative = characters[0] == JSONSyntax.minus
        var value: Int64 = 0
        for index in (isNegative ? 1 : 0)..<characters.count {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, underflow) = tenfold.subtractingReportingOverflow(Int64(characters[index] - JSONSyntax.zero))
            if overflow || underflow { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
