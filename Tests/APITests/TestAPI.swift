import Database
import Ephemeral
import HTTPEngine
import Networking
import Operations
import SQLite
import TestKit

@testable import API
@testable import Hosting

/// The API as the program builds it, with its log and its numbers within reach.
struct TestAPI: Sendable {
    let configuration: APIConfiguration
    let sink = CollectingLogSink()
    let metrics: HTTPMetrics
    let registry: MetricsRegistry
    let shard: MetricsShard
    let store: SQLiteStore

    init(_ environment: [String: String] = [:]) throws {
        let reader = ConfigurationReader(ConfigurationSource(environment: environment))
        configuration = APIConfiguration(reader)
        try reader.finish()
        var builder = MetricsRegistryBuilder()
        metrics = HTTPMetrics(routes: apiRoutes().map(\.route), in: &builder)
        registry = builder.build()
        shard = registry.makeShard(loop: 0)
        store = try SQLiteStore(.memory)
    }

    func build(on loop: EventLoop) throws -> any HTTPResponder {
        let logger = Logger(minimumLevel: configuration.host.logLevel, sink: sink)
        let recorder = HTTPMetrics.Recorder(metrics, shard: shard)
        let memory = MemoryStore()
        let database = store.database(on: loop)
        let stores = State.Stores(
            database: database,
            ephemeral: memory,
            revocations: RevocationStore(database: database, copy: memory, on: loop, logger: logger),
            limiter: RateLimiter(store: memory, fallback: memory)
        )
        let host = Host.Loop(loop: loop, logger: logger, metrics: recorder)
        return try buildAPI(configuration: configuration, stores: stores, on: host)
    }
}

/// Runs a test with a client of the API, configured by these variables.
@discardableResult
func withAPI<Value: Sendable>(
    _ depth: TestDepth,
    _ environment: [String: String] = [:],
    _ body: @escaping @Sendable (TestClient, TestAPI) async throws -> Value
) async throws -> Value {
    let api = try TestAPI(environment)
    let value = try await withTestClient(depth, of: { try api.build(on: $0) }) { try await body($0, api) }
    await api.store.close()
    return value
}
