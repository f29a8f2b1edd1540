internal import Text

/// Takes a field value apart from left to right: the pieces that the grammars of RFC 9110 §5.6 are made of.
///
/// A method that finds what it looks for moves behind it; one that does not answers nil or false and stays.
struct FieldReader {
    private(set) var rest: Substring.UTF8View

    init(_ text: some StringProtocol) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    /// OWS of RFC 9110 §5.6.3.
    mutating func skipWhitespace() { rest = rest.drop(while: ASCII.isWhitespace) }

    /// Which of the names comes next. No name may begin with an earlier one.
    mutating func index(among names: [String]) -> Int? {
        names.firstIndex { skip($0) }
    }

    /// A number of exactly so many digits.
    mutating func number(digits: Int) -> Int? {
        let found = rest.prefix(digits)
        guard found.count == digits, found.allSatisfy(ASCII.isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        return Int(Substring(found))
    }

    /// A number of one digit or more, held at the largest Int: a position nobody has is as good as any other.
    mutating func number() -> Int? {
        let found = rest.prefix(while: ASCII.isDigit)
        guard !found.isEmpty else { return nil }
        rest = rest[found.endIndex...]
        return Int(Substring(found)) ?? .max
    }

    /// token of RFC 9110 §5.6.2.
    mutating func token() -> String? {
        let found = text(while: ASCII.isToken)
        return found.isEmpty ? nil : found
    }

    /// quoted-string of RFC 9110 §5.6.4, without its quotes and backslashes; nil when what they kept apart is no text.
    mutating func quotedString() -> String? {
        var cursor = rest
        guard cursor.popFirst() == UInt8(ascii: "\"") else { return nil }
        var content: [UInt8] = []
        while var byte = cursor.popFirst() {
            if byte == UInt8(ascii: "\"") {
                let text = String(decoding: content, as: UTF8.self)
                guard text.isStreamSafe else { return nil }
                rest = cursor
                return text
            }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = cursor.popFirst() else { return nil }
                byte = escaped
            }
            guard ASCII.isFieldValue(byte) else { return nil }
            content.append(byte)
        }
        return nil
    }

    /// Everything up to the first byte that the predicate refuses, which may be nothing. The bytes it takes must not
    /// end within a character; it may refuse ASCII only, or take ASCII only.
    mutating func text(while predicate: (UInt8) -> Bool) -> String {
        let found = rest.prefix(while: predicate)
        rest = rest[found.endIndex...]
        return String(Substring(found))
    }
}

extension StringProtocol {
    /// Cut at every such ASCII character, empty pieces and all.
    ///
    /// By bytes: to `Character` a comma with a combining accent behind it is no comma, and to everybody else it is.
    func split(at separator: UInt8) -> [Substring] {
        Substring(self).utf8.split(separator: separator, omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// Without the spaces and tabs at its ends.
    var trimmingWhitespace: Substring {
        let text = Substring(self)
        guard let first = text.utf8.firstIndex(where: { !ASCII.isWhitespace($0) }),
            let last = text.utf8.lastIndex(where: { !ASCII.isWhitespace($0) })
        else { return "" }
        return Substring(text.utf8[first...last])
    }

    /// ASCII letters in lower case, everything else as it is.
    var asciiLowercased: String { String(decoding: utf8.map(ASCII.lowercased), as: UTF8.self) }
}

extension ASCII {
    static func isLetter(_ byte: UInt8) -> Bool { lowercased(byte) &- UInt8(ascii: "a") < 26 }
}
