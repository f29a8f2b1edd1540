/// The cookies of a request (RFC 6265 §5.4).
///
/// Read one by one and leniently: other software on the same host sets cookies too, and a pair of theirs that breaks the
/// grammar is skipped instead of costing us ours.
///
/// Of several cookies with one name the first wins: browsers send the longest path first, and for equal paths the oldest.
/// Whoever can set cookies for a parent domain can still add one with our name (RFC 6265 §8.6); a `__Host-` name is the
/// only protection.
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
        pairs = Array(
            fields.values(.cookie).lazy
                .flatMap { $0.split(at: UInt8(ascii: ";")) }
                .prefix(Cookies.limit)
                .compactMap(Pair.init(parsing:))
        )
    }

    /// The first value of the name. Names are case-sensitive.
    public subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// All values of the name, in order.
    public func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}

extension Cookies.Pair {
    /// Nil unless the name is a token and the value printable ASCII. A value in quotes loses them.
    fileprivate init?(parsing piece: Substring) {
        guard let equals = piece.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = piece[..<equals].trimmingWhitespace
        var value = piece[piece.utf8.index(after: equals)...].trimmingWhitespace
        guard !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken),
            value.utf8.allSatisfy({ ASCII.isVisible($0) || $0 == ASCII.space }),
            name.utf8.count + value.utf8.count <= Cookies.longestPair
        else { return nil }
        if value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
        self.init(name: String(name), value: String(value))
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
