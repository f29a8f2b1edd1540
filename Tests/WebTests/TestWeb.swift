import HTTPEngine
import Networking
import Operations
import TestKit
import Web

@testable import Hosting

/// The web front end as the program builds it, with its log within reach.
struct TestWeb: Sendable {
    let configuration: WebConfiguration
    let sink = CollectingLogSink()
    let metrics: HTTPMetrics
    let shard: MetricsShard

    init(_ environment: [String: String] = [:]) throws {
        let reader = ConfigurationReader(ConfigurationSource(environment: environment))
        configuration = WebConfiguration(reader)
        try reader.finish()
        var builder = MetricsRegistryBuilder()
        metrics = HTTPMetrics(routes: try webRoutes(), in: &builder)
        shard = builder.build().makeShard(loop: 0)
    }

    func build(on loop: EventLoop) throws -> any HTTPResponder {
        let logger = Logger(minimumLevel: configuration.host.logLevel, sink: sink)
        let recorder = HTTPMetrics.Recorder(metrics, shard: shard)
        return try buildWeb(configuration: configuration, on: Host.Loop(loop: loop, logger: logger, metrics: recorder))
    }
}

/// Runs a test with a client of the web front end, configured by these variables.
@discardableResult
func withWeb<Value: Sendable>(
    _ depth: TestDepth,
    _ environment: [String: String] = [:],
    _ body: @escaping @Sendable (TestClient, TestWeb) async throws -> Value
) async throws -> Value {
    let web = try TestWeb(environment)
    return try await withTestClient(depth, of: { try web.build(on: $0) }) { try await body($0, web) }
}
