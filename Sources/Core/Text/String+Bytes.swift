extension String {
    /// Whether it is the same text byte by byte.
    ///
    /// Which is not what `==` asks: that takes `é` in one character and `é` in two for the same.
    @inlinable @inline(__always)
    public func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // Equal bytes are equal text. For texts that are stored in place that is the quickest to rule out; for long
        // ones Swift would normalize both.
        if utf8.count <= 15, self != other { return false }
        let left = utf8Span.span
        let right = other.utf8Span.span
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Whether the bytes of another text occur in it. `contains` goes back over characters to find where one begins, for
    /// flags as far as there are any, again and again.
    public func containsBytes(of other: String) -> Bool {
        let (text, wanted) = (utf8Span.span, other.utf8Span.span)
        guard wanted.count <= text.count else { return false }
        return (0...text.count - wanted.count).contains { start in
            wanted.indices.allSatisfy { text[start + $0] == wanted[$0] }
        }
    }

    /// So many characters of it as Unicode counts them: one as people see it can have any length.
    public func prefix(scalars count: Int) -> String { String(unicodeScalars.prefix(count)) }
}
