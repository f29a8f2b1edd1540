/// What a Range field asks for, of content with a known length (RFC 9110 §14).
public enum ByteRange: Equatable, Sendable {
    /// Answer everything: there is no field, or one that may be ignored.
    case whole
    /// Answer these bytes with 206. Never empty, and within the content.
    case part(Range<Int>)
    /// Answer 416: the range begins behind the end.
    case unsatisfiable

    /// Takes one range of bytes. Other units, several ranges and what is not well-formed are ignored, as RFC 9110 §14.2
    /// allows: many small ranges cost a server more than they are worth.
    public init(_ fieldValue: String?, length: Int) {
        self = fieldValue.flatMap { ByteRange.resolve(FieldReader($0), length: length) } ?? .whole
    }

    private static func resolve(_ start: FieldReader, length: Int) -> ByteRange? {
        var reader = start
        // RFC 9110 §14.1: range units have no case.
        guard reader.token()?.asciiLowercased == "bytes", reader.skip("=") else { return nil }
        reader.skipWhitespace()
        let first = reader.number()
        guard reader.skip("-") else { return nil }
        let last = reader.number()
        reader.skipWhitespace()
        guard reader.isAtEnd else { return nil }
        switch (first, last) {
        case (let first?, let last?) where first > last:
            return nil
        case (let first?, let last):
            guard first < length else { return .unsatisfiable }
            // > if the value is greater than or equal to the current length of the representation data, the byte
            // > range is interpreted as the remainder of the representation
            return .part(first..<min(last ?? length, length - 1) + 1)
        case (nil, let suffix?):
            if suffix == 0 { return .unsatisfiable }
            // Satisfiable by §14.1.2, but no Content-Range can say so of empty content.
            if length == 0 { return nil }
            return .part(max(0, length - suffix)..<length)
        case (nil, nil):
            return nil
        }
    }

    /// The Content-Range of a 206 or 416 (RFC 9110 §14.4); nil where everything is answered.
    public func contentRange(length: Int) -> String? {
        switch self {
        case .whole: nil
        case .part(let range): "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
        case .unsatisfiable: "bytes */\(length)"
        }
    }
}
