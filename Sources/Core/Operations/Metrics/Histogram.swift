/// How often values fell between fixed bounds, and their sum. The handle is a place in every shard; it costs nothing to
/// copy, since the bounds are not in it but in the shard.
///
/// Its cells: the upper bounds, then one count for each of them and one for what is above all, then the sum.
public struct Histogram: Sendable {
    let cell: Int
    let boundCount: Int

    var firstCount: Int { cell + boundCount }
    var sum: Int { firstCount + boundCount + 1 }

    /// How many cells one histogram takes.
    static func cellCount(bounds: Int) -> Int { 2 * bounds + 2 }

    /// Bounds in seconds for what should take milliseconds: requests, statements.
    public static let latencyBounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
}

/// Histograms of one name and the same bounds, one for each row of label values that was registered.
public struct HistogramFamily: Sendable {
    let base: Int
    let boundCount: Int
    /// How many rows there are.
    public let count: Int

    /// The histogram of a row, in the order of registration.
    public subscript(row: Int) -> Histogram {
        precondition(row >= 0 && row < count, "a histogram family has no such row")
        return Histogram(cell: base + row * Histogram.cellCount(bounds: boundCount), boundCount: boundCount)
    }
}
