/// A place in a path, between two segments. Walks along without copying anything.
///
/// It does not hold the path, so that it can be kept where a span can not: every question is asked about the path that
/// the cursor was made for.
struct PathCursor {
    private let separator: UInt8
    /// Where the next segment begins; one behind the end of the path when there is none.
    private let start: Int

    /// At the beginning of a path, which must begin with the separator. `/` alone has no segments.
    init(_ path: Span<UInt8>, separator: UInt8) {
        self.init(separator: separator, start: path.count == 1 ? 2 : 1)
    }

    private init(separator: UInt8, start: Int) {
        self.separator = separator
        self.start = start
    }

    /// Where the next segment is, nil at the end. It may be empty.
    func segment(of path: Span<UInt8>) -> Range<Int>? {
        guard start <= path.count else { return nil }
        var end = start
        while end < path.count, path[end] != separator { end += 1 }
        return start..<end
    }

    func following(_ segment: Range<Int>) -> PathCursor {
        PathCursor(separator: separator, start: segment.upperBound + 1)
    }

    /// Everything from here on, nil unless it is one segment or more, all of which may match and none of which hides a
    /// `/` that would part it in two once they are joined.
    func rest(of path: Span<UInt8>) -> Range<Int>? {
        guard start < path.count else { return nil }
        var cursor = self
        while let segment = cursor.segment(of: path) {
            guard PathCursor.isMatchable(segment, of: path) else { return nil }
            for index in segment where path[index] == UInt8(ascii: "/") { return nil }
            cursor = cursor.following(segment)
        }
        return start..<path.count
    }

    /// Empty segments and dots match nothing: proxies resolve them in different ways, so no two hops need agree on what
    /// they mean.
    static func isMatchable(_ segment: Range<Int>, of path: Span<UInt8>) -> Bool {
        let dot = UInt8(ascii: ".")
        switch segment.count {
        case 0: return false
        case 1: return path[segment.lowerBound] != dot
        case 2: return path[segment.lowerBound] != dot || path[segment.lowerBound + 1] != dot
        default: return true
        }
    }
}
