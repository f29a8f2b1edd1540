/// Where statements end in a text of several.
enum StatementText {
    /// Whether nothing but spaces, semicolons and comments is left from `start` on.
    static func isBlank(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: " "), UInt8(ascii: ";"), 9...13: index += 1
            case UInt8(ascii: "-") where follows("--", in: text, at: index):
                index = end(of: "\n", in: text, after: index)
            case UInt8(ascii: "/") where follows("/*", in: text, at: index):
                index = end(of: "*/", in: text, after: index + 2)
            default: return false
            }
        }
        return true
    }

    private static func follows(_ sign: StaticString, in text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        sign.withUTF8Buffer { sign in text[index...].prefix(sign.count).elementsEqual(sign) }
    }

    /// A comment that does not end goes on to the end of the text.
    private static func end(of sign: StaticString, in text: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
        var index = start
        while index < text.count, !follows(sign, in: text, at: index) { index += 1 }
        return min(text.count, index + sign.utf8CodeUnitCount)
    }
}
