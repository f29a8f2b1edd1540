/// What a registry knows of one name: how to read its cells, and how to show them.
struct MetricDescription: Sendable {
    enum Kind: Sendable {
        case counter
        case gauge
        case histogram(bounds: [Double])

        /// The word of the TYPE line.
        var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }

        /// What one row holds before anything happened.
        var initialCells: [UInt64] {
            switch self {
            case .counter, .gauge: [0]
            case .histogram(let bounds): bounds.map(\.bitPattern) + Array(repeating: 0, count: bounds.count + 2)
            }
        }
    }

    let name: String
    let help: String
    let kind: Kind
    /// The label names with the values of each row, as they stand between the braces. One empty row without labels.
    let rows: [[UInt8]]
    /// The first cell of the first row.
    let base: Int
    /// Rows that never counted anything are left out.
    let isSparse: Bool
    /// Each shard is shown for itself, with the label `loop`.
    let perLoop: Bool

    /// Every name that a reader sees in the samples of this metric.
    var sampleNames: [String] {
        guard case .histogram = kind else { return [name] }
        return [name, name + "_bucket", name + "_sum", name + "_count"]
    }
}
