// How texts and numbers are spelled.

extension [UInt8] {
    /// Only what must be escaped is (RFC 8259 §7), and `<`, `>` and `&`, so that the text is harmless where a browser
    /// takes it for HTML.
    mutating func append(quoting text: String) {
        append(JSONSyntax.quote)
        let bytes = text.utf8Span.span
        if bytes.indices.allSatisfy({ !Self.needsEscape(bytes[$0]) }) {
            append(contentsOf: text.utf8)
        } else {
            for index in bytes.indices { append(escaping: bytes[index]) }
        }
        append(JSONSyntax.quote)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, JSONSyntax.quote, JSONSyntax.backslash, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            true
        default: false
        }
    }

    private mutating func append(escaping byte: UInt8) {
        guard Self.needsEscape(byte) else { return append(byte) }
        append(JSONSyntax.backslash)
        switch byte {
        case JSONSyntax.quote, JSONSyntax.backslash: append(byte)
        case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
        default:
            append(contentsOf: "u00".utf8)
            for digit in [byte >> 4, byte & 15] {
                append(digit < 10 ? JSONSyntax.zero + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
