/// Takes note of every metric at boot. What can be counted is settled before the first request: no name, label or row
/// comes into being later, so a peer can not fill the memory with label values.
///
/// A name or label that is not allowed, or is there already, stops the program: it is written in the source.
public struct MetricsRegistryBuilder {
    private var descriptions: [MetricDescription] = []
    private var initialCells: [UInt64] = []
    private var sampleNames: Set<String> = []

    public init() {}

    /// Everything that was registered, from now on unchangeable.
    public func build() -> MetricsRegistry { MetricsRegistry(descriptions: descriptions, initialCells: initialCells) }

    private mutating func register(
        _ name: String,
        help: String,
        kind: MetricDescription.Kind,
        labels: [String] = [],
        rows: [[String]] = [[]],
        isSparse: Bool = false,
        perLoop: Bool = false
    ) -> Int {
        precondition(MetricName.isValidMetric(name), "a metric's name is not allowed: \(name)")
        precondition(labels.allSatisfy(MetricName.isValidLabel), "a label of \(name) is not allowed: \(labels)")
        precondition(Set(labels).count == labels.count, "a label of \(name) stands twice: \(labels)")
        precondition(rows.allSatisfy { $0.count == labels.count }, "a row of \(name) has not one value for each label")
        precondition(Set(rows).count == rows.count, "a row of \(name) stands twice")
        let description = MetricDescription(
            name: name,
            help: help,
            kind: kind,
            rows: rows.map { ExpositionWriter.labels(names: labels, values: $0) },
            base: initialCells.count,
            isSparse: isSparse,
            perLoop: perLoop
        )
        for name in description.sampleNames {
            precondition(sampleNames.insert(name).inserted, "two metrics would be called \(name)")
        }
        descriptions.append(description)
        for _ in rows { initialCells += kind.initialCells }
        return description.base
    }
}

// MARK: - Counters

extension MetricsRegistryBuilder {
    /// A counter without labels. Its name ends in `_total`.
    public mutating func counter(_ name: String, help: String, perLoop: Bool = false) -> Counter {
        precondition(name.hasSuffix("_total"), "a counter's name ends in _total: \(name)")
        return Counter(cell: register(name, help: help, kind: .counter, perLoop: perLoop))
    }

    /// Counters of one name, one for each row of label values. `sparse` leaves rows out until they count something.
    public mutating func counterFamily(
        _ name: String,
        help: String,
        labels: [String],
        rows: [[String]],
        sparse: Bool = false,
        perLoop: Bool = false
    ) -> CounterFamily {
        precondition(name.hasSuffix("_total"), "a counter's name ends in _total: \(name)")
        let base = register(
            name,
            help: help,
            kind: .counter,
            labels: labels,
            rows: rows,
            isSparse: sparse,
            perLoop: perLoop
        )
        return CounterFamily(base: base, count: rows.count)
    }
}

// MARK: - Gauges

extension MetricsRegistryBuilder {
    /// A gauge without labels.
    public mutating func gauge(_ name: String, help: String, perLoop: Bool = false) -> Gauge {
        Gauge(cell: register(name, help: help, kind: .gauge, perLoop: perLoop))
    }

    /// Gauges of one name, one for each row of label values.
    public mutating func gaugeFamily(
        _ name: String,
        help: String,
        labels: [String],
        rows: [[String]],
        perLoop: Bool = false
    ) -> GaugeFamily {
        let base = register(name, help: help, kind: .gauge, labels: labels, rows: rows, perLoop: perLoop)
        return GaugeFamily(base: base, count: rows.count)
    }
}

// MARK: - Histograms

extension MetricsRegistryBuilder {
    /// A histogram without labels. The bounds grow; the one above all of them is there by itself.
    public mutating func histogram(
        _ name: String,
        help: String,
        bounds: [Double] = Histogram.latencyBounds,
        perLoop: Bool = false
    ) -> Histogram {
        requireGrowing(bounds, of: name)
        let cell = register(name, help: help, kind: .histogram(bounds: bounds), perLoop: perLoop)
        return Histogram(cell: cell, boundCount: bounds.count)
    }

    /// Histograms of one name, one for each row of label values. `sparse` leaves rows out until they count something.
    public mutating func histogramFamily(
        _ name: String,
        help: String,
        bounds: [Double] = Histogram.latencyBounds,
        labels: [String],
        rows: [[String]],
        sparse: Bool = false,
        perLoop: Bool = false
    ) -> HistogramFamily {
        requireGrowing(bounds, of: name)
        let base = register(
            name,
            help: help,
            kind: .histogram(bounds: bounds),
            labels: labels,
            rows: rows,
            isSparse: sparse,
            perLoop: perLoop
        )
        return HistogramFamily(base: base, boundCount: bounds.count, count: rows.count)
    }

    private func requireGrowing(_ bounds: [Double], of name: String) {
        let areFinite = bounds.allSatisfy(\.isFinite)
        precondition(
            areFinite && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 },
            "the bounds of \(name) do not grow: \(bounds)"
        )
    }
}
