/// A number that only grows. The handle is a place in every shard; it costs nothing to copy.
public struct Counter: Sendable {
    let cell: Int
}

/// Counters of one name, one for each row of label values that was registered.
public struct CounterFamily: Sendable {
    let base: Int
    /// How many rows there are.
    public let count: Int

    /// The counter of a row, in the order of registration. No look-up: the row's number is the place.
    public subscript(row: Int) -> Counter {
        precondition(row >= 0 && row < count, "a counter family has no such row")
        return Counter(cell: base + row)
    }
}
