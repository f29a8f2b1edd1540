/// A whole number that goes up and down. The handle is a place in every shard; it costs nothing to copy.
///
/// Each shard has its own share: the scrape shows their sum, or one row a loop.
public struct Gauge: Sendable {
    let cell: Int
}

/// Gauges of one name, one for each row of label values that was registered.
public struct GaugeFamily: Sendable {
    let base: Int
    /// How many rows there are.
    public let count: Int

    /// The gauge of a row, in the order of registration.
    public subscript(row: Int) -> Gauge {
        precondition(row >= 0 && row < count, "a gauge family has no such row")
        return Gauge(cell: base + row)
    }
}
