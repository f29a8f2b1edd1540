internal import Text

/// The names and values of an HTML form (`application/x-www-form-urlencoded`), which is also how queries are written.
///
/// Pairs keep their order, and a name may stand more than once. Values may be passwords, so its descriptions show names
/// only.
public struct URLEncodedForm: Sendable, Equatable {
    public struct Pair: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var pairs: [Pair] = []

    public init() {}

    /// How many pairs are read. A form with more is an error: cutting it off would change what it says.
    public static let defaultLimit = 1_000

    /// Reads a request's content. How long that may be is for the body's own limit.
    ///
    /// A piece without `=` is a name with an empty value, as for browsers; an empty piece is nothing.
    public init(parsing content: [UInt8], limit: Int = URLEncodedForm.defaultLimit) throws(URLEncodedFormError) {
        try parse(content[...], limit: limit)
    }

    /// Reads `HTTPRequest.query`: no query is a form without pairs.
    public init(query: Substring?, limit: Int = URLEncodedForm.defaultLimit) throws(URLEncodedFormError) {
        try parse((query ?? "").utf8, limit: limit)
    }

    private mutating func parse<Encoded: Collection<UInt8>>(
        _ encoded: Encoded,
        limit: Int
    ) throws(URLEncodedFormError) where Encoded.SubSequence == Encoded {
        var rest = encoded
        while !rest.isEmpty {
            let piece = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[piece.endIndex...].dropFirst()
            if piece.isEmpty { continue }
            guard pairs.count < limit else { throw .tooManyPairs(limit: limit) }
            let name = piece.prefix { $0 != UInt8(ascii: "=") }
            let value = piece[name.endIndex...].dropFirst()
            do throws(PercentEncodingError) {
                pairs.append(
                    Pair(
                        name: try PercentEncoding.decode(name, plusIsSpace: true),
                        value: try PercentEncoding.decode(value, plusIsSpace: true)
                    )
                )
            } catch {
                throw .badEncoding(error)
            }
        }
    }
}

extension URLEncodedForm {
    /// The first value of the name.
    public subscript(name: String) -> String? {
        pairs.first { $0.name.hasSameBytes(as: name) }?.value
    }

    /// All values of the name, in order.
    public func values(_ name: String) -> [String] {
        pairs.filter { $0.name.hasSameBytes(as: name) }.map(\.value)
    }

    public mutating func append(_ name: String, _ value: String) {
        pairs.append(Pair(name: name, value: value))
    }

    /// As it is sent: for a request's content, and behind the `?` of a target.
    public var serialized: String {
        pairs.map { "\(URLEncodedForm.encode($0.name))=\(URLEncodedForm.encode($0.value))" }.joined(separator: "&")
    }

    private static func encode(_ text: String) -> String {
        PercentEncoding.encode(text, spaceAsPlus: true, PercentEncoding.isUnreserved)
    }
}

extension URLEncodedForm: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { Pair(name: $0, value: $1) }
    }
}

extension URLEncodedForm: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { pairs.map(\.description).joined(separator: "&") }
    public var debugDescription: String { description }
}

extension URLEncodedForm.Pair: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "\(name)=****" }
    public var debugDescription: String { description }
}

public enum URLEncodedFormError: Error, Equatable {
    case tooManyPairs(limit: Int)
    case badEncoding(PercentEncodingError)
}

extension URLEncodedFormError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooManyPairs(let limit): "a form with more than \(limit) fields"
        case .badEncoding(let error): error.description
        }
    }
}
