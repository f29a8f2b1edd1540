/// As much of RFC 8259 as a line of the log may use, and not a byte more: one object of strings, numbers and booleans.
struct StrictJSON {
    private var rest: Substring.UnicodeScalarView

    /// The names in the object, in their order; nil when the text is anything else.
    static func flatObject(_ text: String) -> [String]? {
        var reader = StrictJSON(rest: text[...].unicodeScalars)
        guard let names = reader.object(), reader.rest.isEmpty, Set(names).count == names.count else { return nil }
        return names
    }

    private mutating func object() -> [String]? {
        guard take("{") else { return nil }
        var names: [String] = []
        repeat {
            guard let name = string(), take(":"), value() else { return nil }
            names.append(name)
        } while take(",")
        return take("}") ? names : nil
    }

    private mutating func value() -> Bool {
        if rest.first == "\"" { return string() != nil }
        let word = String(rest.prefix { $0 != "," && $0 != "}" })
        rest = rest.dropFirst(word.unicodeScalars.count)
        return word == "true" || word == "false" || word == "null"
            || word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text = ""
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return text
            case "\\":
                guard let escaped = rest.popFirst(), "\"\\/bfnrtu".unicodeScalars.contains(escaped) else { return nil }
                if escaped == "u" {
                    guard rest.prefix(4).allSatisfy(\.properties.isASCIIHexDigit), rest.count >= 4 else { return nil }
                    rest = rest.dropFirst(4)
                }
            case "\0"..."\u{1F}": return nil
            default: text.unicodeScalars.append(scalar)
            }
        }
        return nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }
}
