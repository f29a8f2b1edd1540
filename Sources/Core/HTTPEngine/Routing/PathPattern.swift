/// The shape of a route's path: `/users/{id}/sessions`, or `/static/{path...}` with a rest at its end.
public struct PathPattern: Hashable, Sendable {
    public enum Segment: Hashable, Sendable {
        /// Matches itself, case and all.
        case literal(String)
        /// Matches one segment, whatever it is.
        case parameter(String)
        /// Matches everything that is left, one segment at least. Only at the end.
        case rest(String)
    }

    public let segments: [Segment]
    private let text: String

    /// Literals are written as they read, not percent-encoded. The root is `/`, without segments.
    public init(_ text: String) throws(PathPatternError) {
        func failure(_ reason: PathPatternError.Reason) -> PathPatternError {
            PathPatternError(pattern: text, reason: reason)
        }
        guard text.utf8.first == UInt8(ascii: "/") else { throw failure(.noLeadingSlash) }
        var segments: [Segment] = []
        var names: Set<String> = []
        let pieces = text == "/" ? [] : Array(text.split(at: UInt8(ascii: "/")).dropFirst())
        for piece in pieces {
            if case .rest = segments.last { throw failure(.restNotAtEnd) }
            guard let segment = Segment(piece) else {
                throw failure(piece.isEmpty ? .emptySegment : .badSegment(String(piece)))
            }
            if let name = segment.parameterName, !names.insert(name).inserted {
                throw failure(.repeatedName(name))
            }
            segments.append(segment)
        }
        self.segments = segments
        self.text = text
    }

    /// The names in braces, in order.
    public var parameterNames: [String] { segments.compactMap(\.parameterName) }
}

extension PathPattern: CustomStringConvertible {
    public var description: String { text }
}

extension PathPattern.Segment {
    fileprivate init?(_ text: Substring) {
        if text.hasPrefix("{"), text.hasSuffix("}") {
            let inner = text.dropFirst().dropLast()
            let isRest = inner.hasSuffix("...")
            let name = String(isRest ? inner.dropLast(3) : inner)
            guard PathPattern.Segment.isName(name) else { return nil }
            self = isRest ? .rest(name) : .parameter(name)
        } else {
            guard PathPattern.Segment.isLiteral(text) else { return nil }
            self = .literal(String(text))
        }
    }

    fileprivate var parameterName: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }

    /// A letter or underscore, then letters, digits and underscores.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !ASCII.isDigit(first) else { return false }
        return text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// `.` and `..` never reach a route, and the signs left out would mean something else in a request target.
    private static func isLiteral(_ text: Substring) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"{}%?#\\".utf8.contains($0) }
    }
}

public struct PathPatternError: Error, Equatable {
    public enum Reason: Equatable, Sendable {
        case noLeadingSlash
        case emptySegment
        case badSegment(String)
        case repeatedName(String)
        case restNotAtEnd
    }

    public let pattern: String
    public let reason: Reason
}

extension PathPatternError: CustomStringConvertible {
    public var description: String {
        switch reason {
        case .noLeadingSlash: "the pattern \(pattern) does not begin with /"
        case .emptySegment: "the pattern \(pattern) has an empty segment"
        case .badSegment(let segment): "the pattern \(pattern) has a bad segment: \(segment)"
        case .repeatedName(let name): "the pattern \(pattern) has two parameters named \(name)"
        case .restNotAtEnd: "the pattern \(pattern) goes on behind its rest parameter"
        }
    }
}
