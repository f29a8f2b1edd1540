// What is escaped: the five characters that end a text or a quoted attribute, or begin a reference.
//
// Not the backtick, which only browsers gone for ten years took for a quote, and not the equals sign: both matter in an
// attribute without quotes alone, where a space does the same harm and no escaping helps. Attributes are quoted.

extension UInt8 {
    /// One test for all five: they are below 64, and bit n of the mask stands for the byte n.
    @inline(__always)
    fileprivate var mustBeEscaped: Bool {
        let mask: UInt64 = 1 << 0x22 | 1 << 0x26 | 1 << 0x27 | 1 << 0x3C | 1 << 0x3E
        return self < 64 && mask &>> UInt64(self) & 1 != 0
    }

    fileprivate var htmlReference: StaticString {
        switch self {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        // The name &apos; is younger than the number.
        case UInt8(ascii: "'"): "&#39;"
        default: preconditionFailure("a byte that stays as it is")
        }
    }
}

extension [UInt8] {
    /// Appends text so that HTML shows it as it is. Most texts need no change and are copied in one piece.
    mutating func appendEscaped(_ text: Span<UInt8>) {
        var start = 0
        for index in text.indices where text[index].mustBeEscaped {
            append(copying: text.extracting(start..<index))
            append(literal: text[index].htmlReference)
            start = index + 1
        }
        append(copying: text.extracting(start...))
    }

    @inline(__always)
    mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    private mutating func append(literal: StaticString) {
        literal.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}
