/// A statement with its parameters, in SQL that both drivers accept.
///
/// Written as a literal: what is interpolated becomes a bind (`$1`, `$2`, …), never text. So a value can not be mistaken
/// for SQL, whatever it holds.
///
///     "SELECT username FROM users WHERE id = \(id) AND is_active = \(true)"
///
/// A piece of SQL goes into another the same way, `\(condition)`, text of the program by `\(literal: "users")`,
/// and a number that belongs to the text by `\(number: 20)`.
public struct SQL: Sendable {
    public private(set) var text: String
    public private(set) var binds: [DatabaseValue]
    /// The best way to carry it out depends on what its parameters hold, as with LIKE: a database that keeps plans makes a new
    /// one each time.
    public var isPlannedAnew = false

    /// Text of the program without parameters: a migration, say.
    public init(literal text: String) {
        self.text = text
        binds = []
    }

    fileprivate init(text: String, binds: [DatabaseValue]) {
        self.text = text
        self.binds = binds
    }

    /// `LIMIT` and, behind the first page, `OFFSET`. With parameters for both, the first page, which is asked for most, would
    /// be planned anew each time.
    public static func limit(_ limit: Int, offset: Int) -> SQL {
        offset == 0 ? "LIMIT \(number: limit)" : "LIMIT \(number: limit) OFFSET \(offset)"
    }

    /// Pieces joined by text of the program, such as `" AND "`.
    public static func joined(_ pieces: [SQL], by separator: StaticString) -> SQL {
        var builder = StringInterpolation(literalCapacity: 64, interpolationCount: pieces.count)
        for (index, piece) in pieces.enumerated() {
            if index > 0 { builder.appendInterpolation(literal: separator) }
            builder.appendInterpolation(piece)
        }
        return SQL(stringInterpolation: builder)
    }
}

extension SQL: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) {
        text = value
        binds = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        binds = stringInterpolation.binds
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""
        fileprivate var binds: [DatabaseValue] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            binds.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { text += literal }

        public mutating func appendInterpolation(_ value: some DatabaseConvertible) { append(value.databaseValue) }

        public mutating func appendInterpolation(_ value: (some DatabaseConvertible)?) {
            append(value?.databaseValue ?? .null)
        }

        /// The parameters of the piece get the numbers that are next here.
        public mutating func appendInterpolation(_ piece: SQL) {
            guard !piece.binds.isEmpty else { return text += piece.text }
            text += SQL.renumbered(piece.text, by: binds.count)
            binds += piece.binds
        }

        public mutating func appendInterpolation(literal: StaticString) { text += "\(literal)" }

        /// A number as text of the statement, so that a plan can be made for it and kept. Each is a statement of its own:
        /// only for what has few values, such as the size of a page, because a connection keeps some hundred statements.
        public mutating func appendInterpolation(number: Int) { text += String(number) }

        private mutating func append(_ value: DatabaseValue) {
            binds.append(value)
            text += "$\(binds.count)"
        }
    }

    /// Adds `offset` to every `$n`. Pieces are written by this type, so a `$` with a digit is nothing else.
    private static func renumbered(_ text: String, by offset: Int) -> String {
        guard offset > 0 else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[...dollar]
            rest = rest[rest.index(after: dollar)...]
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            if let number = Int(digits) { result += "\(number + offset)" }
            rest = rest.dropFirst(digits.count)
        }
        return result + rest
    }
}

extension SQL: CustomStringConvertible {
    /// The text, and how many parameters there are; never what they hold.
    public var description: String { binds.isEmpty ? text : "\(text) [\(binds.count) × ****]" }
}
