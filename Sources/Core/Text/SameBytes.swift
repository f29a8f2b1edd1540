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
}
