extension String {
    /// How many combining marks may follow each other: no language needs as many. The number is that of the Stream-Safe Text
    /// Format (UAX #15 §13), which counts them after they were taken apart; here they are counted as they stand.
    public static let longestRunOfMarks = 30

    /// Whether no more marks than that follow each other anywhere. Every text that comes from outside has to be so.
    ///
    /// Swift compares and hashes texts by their normal form, for which the marks behind a character are sorted, in a time
    /// that grows with their square: one comparison of a form of 64 KiB would take a second, and of a megabyte minutes.
    public var isStreamSafe: Bool {
        // All that is written with smaller bytes comes before U+0300, the first mark.
        let firstOfMarks: UInt8 = 0xCC
        let bytes = utf8Span.span
        guard bytes.indices.contains(where: { bytes[$0] >= firstOfMarks }) else { return true }
        var run = 0
        for scalar in unicodeScalars {
            if scalar.properties.canonicalCombiningClass == .notReordered {
                run = 0
            } else {
                run += 1
                if run > String.longestRunOfMarks { return false }
            }
        }
        return true
    }
}
