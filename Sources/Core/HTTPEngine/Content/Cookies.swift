/// The cookies of a request (RFC 6265 §5.4).
///
/// Read one by one and leniently: other software on the same host sets cookies too, and a pair of theirs that breaks
/// the grammar is skipped instead of costing us ours.
///
/// Of several cookies with one name the first wins: browsers send the longest path first, and for equal paths the
/// oldest. Whoever can set cookies for a parent domain can still add one with our name (RFC 6265 §8.6); a `__Host-`
/// name is the only protection.
public struct Cookies: Sendable, Equatable {
    public struct Pair: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    public let pairs: [Pair]

    /// No more pairs than this are read: browsers keep fewer for one host.
    public static let limit = 200
    /// Name and value together; RFC 6265 §6.1 asks browsers for 4096 bytes, and they take no more.
    public static let longestPair = 4_096

    /// Reads every Cookie field, in order.
    public init(_ fields: HTTPFields) {
        var pairs: [Pair] = []
        var count = 0
        for entry in fields.entries where fields.matches(entry, .cookie) {
            let line = fields.bytes.span.extracting(
                Int(entry.valueStart)..<Int(entry.valueStart + entry.valueLength)
            )
            var start = 0
            while start < line.count, count < Cookies.limit {
                var end = start
                while end < line.count, line[end] != UInt8(ascii: ";") { end += 1 }
                if let pair = Pair(parsing: line.extracting(start..<end)) { pairs.append(pair) }
                count += 1
                start = end + 1
            }
        }
        self.pairs = pairs
    }

    /// The first value of the name. Names are case-sensitive.
    public subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// All values of the name, in order.
    public func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}

extension Cookies.Pair {
    /// Nil unless the name is a token and the value printable ASCII. A value in quotes loses them.
    fileprivate init?(parsing piece: Span<UInt8>) {
        var equals = 0
        while equals < piece.count, piece[equals] != UInt8(ascii: "=") { equals += 1 }
        guard equals < piece.count else { return nil }
        let name = Self.trim(0..<equals, of: piece)
        var value = Self.trim(equals + 1..<piece.count, of: piece)
        guard !name.isEmpty, name.allSatisfy({ ASCII.isToken(piece[$0]) }),
            value.allSatisfy({ ASCII.isVisible(piece[$0]) || piece[$0] == ASCII.space }),
            name.count + value.count <= Cookies.longestPair
        else { return nil }
        let quote = UInt8(ascii: "\"")
        if value.count >= 2, piece[value.lowerBound] == quote, piece[value.upperBound - 1] == quote {
            value = value.lowerBound + 1..<value.upperBound - 1
        }
        guard let nameText = try? String(copying: UTF8Span(validating: piece.extracting(name))),
            let valueText = try? String(copying: UTF8Span(validating: piece.extracting(value)))
        else { return nil }
        self.init(name: nameText, value: valueText)
    }

    private static func trim(_ range: Range<Int>, of piece: Span<UInt8>) -> Range<Int> {
        var range = range
        while !range.isEmpty, ASCII.isWhitespace(piece[range.lowerBound]) {
            range = range.lowerBound + 1..<range.upperBound
        }
        while !range.isEmpty, ASCII.isWhitespace(piece[range.upperBound - 1]) {
            range = range.lowerBound..<range.upperBound - 1
        }
        return range
    }
}

extension Cookies: CustomStringConvertible, CustomDebugStringConvertible {
    /// Names only: a cookie's value is often all it takes to be somebody else.
    public var description: String { pairs.map(\.description).joined(separator: "; ") }
    public var debugDescription: String { description }
}

extension Cookies.Pair: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "\(name)=****" }
    public var debugDescription: String { description }
}

extension HTTPRequest {
    /// Read anew at each call.
    public var cookies: Cookies { Cookies(fields) }
}
