import Linux

/// What came of a load.
struct LoadFigures: Sendable {
    let count: Int
    let perSecond: Double
    let p50: Duration
    let p99: Duration

    init(latencies: [Int64], duration: Duration) {
        let ordered = latencies.sorted()
        count = ordered.count
        perSecond = Double(count) / duration.inSeconds
        p50 = LoadFigures.percentile(0.5, of: ordered)
        p99 = LoadFigures.percentile(0.99, of: ordered)
    }

    private static func percentile(_ share: Double, of ordered: [Int64]) -> Duration {
        if ordered.isEmpty { return .zero }
        return .nanoseconds(ordered[min(ordered.count - 1, Int(Double(ordered.count) * share))])
    }

    var json: String {
        #"{"count": \#(count), "per_second": \#(perSecond), "p50_ms": \#(p50.inSeconds * 1_000), "#
            + #""p99_ms": \#(p99.inSeconds * 1_000)}"#
    }
}
