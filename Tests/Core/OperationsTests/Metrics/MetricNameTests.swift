import Operations
import Testing

@Suite struct MetricNameTests {
    @Test(arguments: [
        ("http_requests_total", true, true), ("a", true, true), ("_a9", true, true), ("A", true, true),
        ("", false, false), ("9a", false, false), ("a-b", false, false), ("a:b", false, false), ("a b", false, false),
        ("é", false, false), ("a\n", false, false), ("__a", true, false), ("le", true, false), ("loop", true, false),
    ])
    func `names follow the data model`(name: String, isMetric: Bool, isLabel: Bool) {
        #expect(MetricName.isValidMetric(name) == isMetric)
        #expect(MetricName.isValidLabel(name) == isLabel)
    }

    @Test func `a name that is not allowed stops the program at boot`() async {
        await #expect(processExitsWith: .failure) {
            var builder = MetricsRegistryBuilder()
            _ = builder.gauge("not allowed", help: "")
        }
    }

    @Test func `a name that a histogram takes is not given twice`() async {
        await #expect(processExitsWith: .failure) {
            var builder = MetricsRegistryBuilder()
            _ = builder.histogram("h", help: "")
            _ = builder.gauge("h_count", help: "")
        }
    }

    @Test func `a row without a value for each label stops the program at boot`() async {
        await #expect(processExitsWith: .failure) {
            var builder = MetricsRegistryBuilder()
            _ = builder.gaugeFamily("g", help: "", labels: ["a", "b"], rows: [["x"]])
        }
    }

    @Test func `a metric of another registry is not counted elsewhere`() async {
        await #expect(processExitsWith: .failure) {
            var builder = MetricsRegistryBuilder()
            let gauge = builder.gauge("g", help: "")
            _ = gauge
            MetricsRegistryBuilder().build().makeShard(loop: 0).set(gauge, to: 1)
        }
    }
}
