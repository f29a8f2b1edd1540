@testable import HTTPEngine

/// What must hold for any bytes that are given to whoever decodes percent signs: of values, and of paths.
struct PercentCheck {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func run() {
        checkEncoding()
        for plusIsSpace in [false, true] { checkDecoding(plusIsSpace: plusIsSpace) }
        checkPath()
    }

    /// A text that was encoded reads as itself.
    private func checkEncoding() {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.utf8.contains(0) { return }
        let segment = PercentEncoding.encodePathSegment(text)
        precondition((try? PercentEncoding.decode(segment)) == text, "a segment changed on its way")
    }

    /// Bytes that are no UTF-8 get here too, with and without a percent sign before them.
    private func checkDecoding(plusIsSpace: Bool) {
        guard let decoded = try? PercentEncoding.decodeBytes(bytes, plusIsSpace: plusIsSpace) else {
            precondition((try? PercentEncoding.decode(bytes, plusIsSpace: plusIsSpace)) == nil, "two readings")
            return
        }
        precondition(decoded.count <= bytes.count, "decoding made it longer")
        let text = try? PercentEncoding.decode(bytes, plusIsSpace: plusIsSpace)
        let isText = !decoded.contains(0) && String(validating: decoded, as: UTF8.self) != nil
        precondition(isText == (text != nil), "text that is none, or the other way")
        precondition(text.map { Array($0.utf8) == decoded } ?? true, "the text is not what was decoded")
    }

    /// One parameter, two, and two with a rest: every path that may match at all has a route.
    private static let tree: PathTree = {
        var tree = PathTree()
        for (route, pattern) in ["/{a}", "/{a}/{b}", "/{a}/{b}/{c...}"].enumerated() {
            guard let pattern = try? PathPattern(pattern), tree.insert(.get, pattern, route: route) == nil else {
                preconditionFailure("a pattern of ours")
            }
        }
        return tree
    }()

    /// The tree decodes a path in one piece; this is the same done segment by segment.
    private func checkPath() {
        let path = "/" + String(decoding: bytes, as: UTF8.self)
        let pieces = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        let segments = pieces.compactMap { try? PercentEncoding.decode($0) }
        let outcome = PercentCheck.tree.lookup(.get, path[...])
        guard segments.count == pieces.count else {
            guard case .malformed = outcome else { preconditionFailure("a malformed path is taken") }
            return
        }
        let isMatchable = segments.allSatisfy { !["", ".", ".."].contains($0) }
        guard isMatchable, !segments.dropFirst(2).contains(where: { $0.utf8.contains(UInt8(ascii: "/")) }) else {
            guard case .notFound = outcome else { preconditionFailure("a path with dots or nothing in it is taken") }
            return
        }
        guard case .found(let route, let values) = outcome else { preconditionFailure("a good path is not found") }
        let rest = segments.count > 2 ? [segments.dropFirst(2).joined(separator: "/")] : []
        precondition(route == min(segments.count, 3) - 1, "another route")
        precondition(values == segments.prefix(2) + rest, "other values")
    }
}
