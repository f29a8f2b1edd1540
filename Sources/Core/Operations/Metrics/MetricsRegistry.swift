/// Every metric of the program, and how to show them all. Never changes, so any thread may use it.
public struct MetricsRegistry: Sendable {
    private let descriptions: [MetricDescription]
    private let initialCells: [UInt64]

    /// What an answer that carries `render` calls itself.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    init(descriptions: [MetricDescription], initialCells: [UInt64]) {
        self.descriptions = descriptions
        self.initialCells = initialCells
    }

    /// New numbers, all zero, for the loop of this number. Its thread alone may write them.
    public func makeShard(loop: Int) -> MetricsShard { MetricsShard(loop: loop, cells: initialCells) }

    /// The numbers of all loops together in the text format of Prometheus, version 0.0.4.
    ///
    /// The loops go on counting meanwhile: each number is true for some moment of the scrape, not all for the same one.
    public func render(shards: [MetricsShard]) -> [UInt8] {
        precondition(shards.allSatisfy { $0.cellCount == initialCells.count }, "a shard of another registry")
        var writer = ExpositionWriter()
        for description in descriptions {
            writer.header(name: description.name, help: description.help, type: description.kind.word)
            guard description.perLoop else {
                render(description, shards: shards, loop: [], to: &writer)
                continue
            }
            for shard in shards {
                let loop = ExpositionWriter.labels(names: ["loop"], values: [String(shard.loop)])
                render(description, shards: [shard], loop: loop, to: &writer)
            }
        }
        return writer.bytes
    }

    private func render(
        _ description: MetricDescription,
        shards: [MetricsShard],
        loop: [UInt8],
        to writer: inout ExpositionWriter
    ) {
        let name = description.name
        for (row, rowLabels) in description.rows.enumerated() {
            let labels = [rowLabels, loop]
            switch description.kind {
            case .counter:
                let value = total(shards, at: description.base + row)
                if value == 0, description.isSparse { continue }
                writer.sample(name, labels: labels, value: value)
            case .gauge:
                let value = Int64(bitPattern: total(shards, at: description.base + row))
                writer.sample(name, labels: labels, value: value)
            case .histogram(let bounds):
                let cell = description.base + row * Histogram.cellCount(bounds: bounds.count)
                let histogram = Histogram(cell: cell, boundCount: bounds.count)
                render(
                    histogram,
                    description,
                    bounds: bounds,
                    shards: shards,
                    labels: labels,
                    to: &writer
                )
            }
        }
    }

    private func render(
        _ histogram: Histogram,
        _ description: MetricDescription,
        bounds: [Double],
        shards: [MetricsShard],
        labels: [[UInt8]],
        to writer: inout ExpositionWriter
    ) {
        // Each count is read once and the total is made from them, so that it always agrees with the last bucket.
        let counts = (0...bounds.count).map { total(shards, at: histogram.firstCount + $0) }
        let count = counts.reduce(0, &+)
        if count == 0, description.isSparse { return }
        var cumulative: UInt64 = 0
        for (bound, inBucket) in zip(bounds + [.infinity], counts) {
            cumulative &+= inBucket
            let limit = ExpositionWriter.labels(names: ["le"], values: [ExpositionWriter.text(bound)])
            writer.sample(description.name, suffix: "_bucket", labels: labels + [limit], value: cumulative)
        }
        let sum = shards.reduce(0) { $0 + Double(bitPattern: $1.value(at: histogram.sum)) }
        writer.sample(description.name, suffix: "_sum", labels: labels, value: sum)
        writer.sample(description.name, suffix: "_count", labels: labels, value: count)
    }

    private func total(_ shards: [MetricsShard], at cell: Int) -> UInt64 {
        shards.reduce(0) { $0 &+ $1.value(at: cell) }
    }
}
