/// The grammar of one line of a `.env` file, without its line ending.
enum DotEnvLine {
    /// Says what is wrong without repeating any of the line: what looks like a name may be a piece of a secret.
    struct Malformed: Error, Equatable {
        let wrong: String
        let right: String

        static let noName = Malformed(wrong: "does not begin with a name and '='", right: "write NAME=value")
        static let spaceBeforeEquals = Malformed(wrong: "has a space before '='", right: "write NAME=value")
        static let openQuote = Malformed(wrong: "has a quote that is not closed", right: "close it on the same line")
        static let textAfterQuote = Malformed(
            wrong: "goes on after the closing quote",
            right: "only a comment may follow, after a space"
        )
        static let unknownEscape = Malformed(
            wrong: "has an unknown escape between double quotes",
            right: #"use \n \r \t \" \\ \$ or single quotes"#
        )
    }

    typealias Bytes = Substring.UTF8View

    /// Nil for a blank line or a comment.
    static func parse(_ line: Bytes) throws(Malformed) -> (name: String, value: String)? {
        var rest = line.drop(while: \.isBlank)
        if rest.isEmpty || rest.first == .hash { return nil }
        let export = "export".utf8
        if rest.starts(with: export), let next = rest.dropFirst(export.count).first, next.isBlank {
            rest = rest.dropFirst(export.count).drop(while: \.isBlank)
        }
        let name = rest.prefix(while: \.isNameByte)
        rest = rest[name.endIndex...]
        guard let first = name.first, !first.isDigit else { throw .noName }
        guard rest.first == .equals else {
            throw rest.drop(while: \.isBlank).first == .equals ? .spaceBeforeEquals : .noName
        }
        return (String(Substring(name)), try value(rest.dropFirst()))
    }

    private static func value(_ text: Bytes) throws(Malformed) -> String {
        let start = text.drop(while: \.isBlank)
        switch start.first {
        case .singleQuote: return try literal(start.dropFirst())
        case .doubleQuote: return try escaped(start.dropFirst())
        default: return bare(text)
        }
    }

    /// A `#` within a word belongs to it, as in a shell; `#` after a blank begins a comment.
    private static func bare(_ text: Bytes) -> String {
        var afterBlank = false
        let value = text.prefix { byte in
            if byte == .hash, afterBlank { return false }
            afterBlank = byte.isBlank
            return true
        }
        let withoutTail = value.reversed().drop(while: \.isBlank).reversed()
        return String(decoding: withoutTail.drop(while: \.isBlank), as: UTF8.self)
    }

    private static func literal(_ text: Bytes) throws(Malformed) -> String {
        let value = text.prefix { $0 != .singleQuote }
        guard value.endIndex < text.endIndex else { throw .openQuote }
        try expectEnd(text[value.endIndex...].dropFirst())
        return String(Substring(value))
    }

    private static func escaped(_ text: Bytes) throws(Malformed) -> String {
        var rest = text
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case .doubleQuote:
                try expectEnd(rest)
                return String(decoding: value, as: UTF8.self)
            case .backslash:
                guard let escape = rest.popFirst() else { throw .openQuote }
                guard let meaning = meaning(ofEscape: escape) else { throw .unknownEscape }
                value.append(meaning)
            default:
                value.append(byte)
            }
        }
        throw .openQuote
    }

    private static func meaning(ofEscape byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "n"): .newline
        case UInt8(ascii: "r"): .carriageReturn
        case UInt8(ascii: "t"): .tab
        case .doubleQuote, .backslash, .dollar: byte
        default: nil
        }
    }

    private static func expectEnd(_ rest: Bytes) throws(Malformed) {
        let next = rest.drop(while: \.isBlank)
        if next.isEmpty { return }
        guard next.first == .hash, next.startIndex > rest.startIndex else { throw .textAfterQuote }
    }

    /// The value as a line would have it, quoted only where it must be.
    static func written(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { $0.isNameByte || "-./:@,+%=[]".utf8.contains($0) || $0 >= 0x80 }
        if isPlain { return value }
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\n": result += #"\n"#
            case "\r": result += #"\r"#
            case "\t": result += #"\t"#
            case "\"", "\\", "$": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension UInt8 {
    fileprivate static let hash = UInt8(ascii: "#")
    fileprivate static let equals = UInt8(ascii: "=")
    fileprivate static let singleQuote = UInt8(ascii: "'")
    fileprivate static let doubleQuote = UInt8(ascii: "\"")
    fileprivate static let backslash = UInt8(ascii: "\\")
    fileprivate static let dollar = UInt8(ascii: "$")
    fileprivate static let tab = UInt8(ascii: "\t")
    fileprivate static let newline = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")

    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == .tab }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "_"): true
        default: isDigit
        }
    }
}
