import Linux
import Operations
import Testing

private func text(_ registry: MetricsRegistry, _ shards: MetricsShard...) -> String {
    String(decoding: registry.render(shards: shards), as: UTF8.self)
}

@Suite struct MetricsRegistryTests {
    @Test func `shards are summed into one row`() {
        var builder = MetricsRegistryBuilder()
        let hits = builder.counter("hits_total", help: "Hits.")
        let open = builder.gauge("connections", help: "Open connections.")
        let registry = builder.build()
        let (first, second) = (registry.makeShard(loop: 0), registry.makeShard(loop: 1))
        first.increment(hits)
        second.add(hits, by: 41)
        first.set(open, to: 10)
        second.adjust(open, by: -12)
        second.adjust(open, by: 1)
        #expect(
            text(registry, first, second) == """
                # HELP hits_total Hits.
                # TYPE hits_total counter
                hits_total 42
                # HELP connections Open connections.
                # TYPE connections gauge
                connections -1

                """
        )
    }

    @Test func `a counter may be told how far it is`() {
        var builder = MetricsRegistryBuilder()
        let hits = builder.counter("hits_total", help: "Hits.")
        let registry = builder.build()
        let shard = registry.makeShard(loop: 0)
        for total in [3, 7] { shard.set(hits, to: total) }
        #expect(text(registry, shard).hasSuffix("\nhits_total 7\n"))
    }

    @Test func `a new shard shows zeros, and no shards at all too`() {
        var builder = MetricsRegistryBuilder()
        _ = builder.counter("hits_total", help: "Hits.")
        let registry = builder.build()
        #expect(text(registry, registry.makeShard(loop: 0)).hasSuffix("\nhits_total 0\n"))
        #expect(text(registry).hasSuffix("\nhits_total 0\n"))
        #expect(MetricsRegistryBuilder().build().render(shards: []).isEmpty)
    }

    @Test func `a row of a family counts for its own labels`() {
        var builder = MetricsRegistryBuilder()
        _ = builder.counter("before_total", help: "")
        let requests = builder.counterFamily(
            "http_requests_total",
            help: "Requests.",
            labels: ["method", "status"],
            rows: [["GET", "200"], ["GET", "404"], ["POST", "200"]]
        )
        _ = builder.counter("after_total", help: "")
        let registry = builder.build()
        let shard = registry.makeShard(loop: 0)
        shard.increment(requests[2])
        shard.add(requests[0], by: 7)
        let shown = text(registry, shard)
        #expect(
            shown.contains(
                """
                # TYPE http_requests_total counter
                http_requests_total{method="GET",status="200"} 7
                http_requests_total{method="GET",status="404"} 0
                http_requests_total{method="POST",status="200"} 1

                """
            )
        )
        #expect(shown.contains("\nbefore_total 0\n"))
        #expect(shown.hasSuffix("\nafter_total 0\n"))
    }

    @Test func `a sparse family leaves out rows that never counted`() {
        var builder = MetricsRegistryBuilder()
        let counters = builder.counterFamily("c_total", help: "", labels: ["a"], rows: [["x"], ["y"]], sparse: true)
        let histograms = builder.histogramFamily(
            "h",
            help: "",
            bounds: [1],
            labels: ["a"],
            rows: [["x"], ["y"]],
            sparse: true
        )
        let registry = builder.build()
        let (first, second) = (registry.makeShard(loop: 0), registry.makeShard(loop: 1))
        #expect(!text(registry, first, second).contains("{"))
        second.increment(counters[1])
        // Zero is a value like any other: that it was seen counts.
        second.observe(histograms[0], 0.0)
        let shown = text(registry, first, second)
        #expect(shown.contains(#"c_total{a="y"} 1"#))
        #expect(!shown.contains(#"c_total{a="x"}"#))
        #expect(shown.contains(#"h_count{a="x"} 1"#))
        #expect(!shown.contains(#"{a="y",le"#))
    }

    @Test func `a metric per loop has one row for each shard`() {
        var builder = MetricsRegistryBuilder()
        let open = builder.gauge("loop_connections", help: "", perLoop: true)
        let waits = builder.gaugeFamily("loop_waits", help: "", labels: ["kind"], rows: [["a"], ["b"]], perLoop: true)
        let registry = builder.build()
        let (first, second) = (registry.makeShard(loop: 0), registry.makeShard(loop: 7))
        first.set(open, to: 5)
        second.set(open, to: 6)
        second.set(waits[1], to: 2)
        let lines = text(registry, first, second).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                #"loop_connections{loop="0"} 5"#, #"loop_connections{loop="7"} 6"#,
                #"loop_waits{kind="a",loop="0"} 0"#, #"loop_waits{kind="b",loop="0"} 0"#,
                #"loop_waits{kind="a",loop="7"} 0"#, #"loop_waits{kind="b",loop="7"} 2"#,
            ]
        )
    }

    @Test func `labels and help texts are escaped`() {
        var builder = MetricsRegistryBuilder()
        _ = builder.gaugeFamily("g", help: "a \\ \"b\"\nc", labels: ["l"], rows: [["a \\ \"b\"\nc"]])
        let registry = builder.build()
        #expect(
            text(registry, registry.makeShard(loop: 0)) == #"""
                # HELP g a \\ "b"\nc
                # TYPE g gauge
                g{l="a \\ \"b\"\nc"} 0

                """#
        )
    }

    @Test func `a reader never sees a count that was not there`() throws {
        var builder = MetricsRegistryBuilder()
        let hits = builder.counter("hits_total", help: "")
        let registry = builder.build()
        let shard = registry.makeShard(loop: 0)
        let writer = try SystemThread.start(name: "writer") {
            for _ in 0..<200_000 { shard.increment(hits) }
        }
        var previous = 0
        for _ in 0..<200 {
            let shown = try #require(text(registry, shard).split(separator: " ").last.flatMap { Int($0.dropLast()) })
            #expect(shown >= previous && shown <= 200_000)
            previous = shown
        }
        writer.join()
        #expect(text(registry, shard).hasSuffix("hits_total 200000\n"))
    }
}

@Suite struct HistogramTests {
    @Test func `a value counts in the first bucket whose bound it does not exceed`() {
        var builder = MetricsRegistryBuilder()
        let latency = builder.histogram("latency_seconds", help: "Latency.", bounds: [0.005, 0.25, 1])
        let registry = builder.build()
        let (first, second) = (registry.makeShard(loop: 0), registry.makeShard(loop: 1))
        first.observe(latency, 0.005)
        first.observe(latency, 0.25)
        first.observe(latency, 0.26)
        second.observe(latency, .milliseconds(1500))
        second.observe(latency, 2.0)
        #expect(
            text(registry, first, second) == """
                # HELP latency_seconds Latency.
                # TYPE latency_seconds histogram
                latency_seconds_bucket{le="0.005"} 1
                latency_seconds_bucket{le="0.25"} 2
                latency_seconds_bucket{le="1"} 3
                latency_seconds_bucket{le="+Inf"} 5
                latency_seconds_sum 4.015
                latency_seconds_count 5

                """
        )
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `what is not finite is not counted`(amount: Double) {
        var builder = MetricsRegistryBuilder()
        let latency = builder.histogram("h", help: "", bounds: [1])
        let registry = builder.build()
        let shard = registry.makeShard(loop: 0)
        shard.observe(latency, amount)
        shard.observe(latency, 0.5)
        #expect(text(registry, shard).hasSuffix("h_sum 0.5\nh_count 1\n"))
    }

    @Test func `rows of a family do not share buckets`() {
        var builder = MetricsRegistryBuilder()
        let family = builder.histogramFamily("h", help: "", bounds: [1, 2], labels: ["a"], rows: [["x"], ["y"]])
        let after = builder.counter("after_total", help: "")
        let registry = builder.build()
        let shard = registry.makeShard(loop: 0)
        shard.observe(family[0], 9.0)
        shard.observe(family[1], 1.5)
        shard.increment(after)
        let lines = text(registry, shard).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                #"h_bucket{a="x",le="1"} 0"#, #"h_bucket{a="x",le="2"} 0"#, #"h_bucket{a="x",le="+Inf"} 1"#,
                #"h_sum{a="x"} 9"#, #"h_count{a="x"} 1"#,
                #"h_bucket{a="y",le="1"} 0"#, #"h_bucket{a="y",le="2"} 1"#, #"h_bucket{a="y",le="+Inf"} 1"#,
                #"h_sum{a="y"} 1.5"#, #"h_count{a="y"} 1"#, "after_total 1",
            ]
        )
    }
}
