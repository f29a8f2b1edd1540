import HTTPEngine
import Linux
import Networking
import Operations
import TestKit

@testable import API
@testable import Hosting

/// The API as the program builds it, with its log and its numbers within reach. Its database is in memory and its hashes
/// are cheap, unless the variables say otherwise.
final class TestAPI: Sendable {
    let configuration: APIConfiguration
    /// What requests log.
    let sink = CollectingLogSink()
    /// What the parts log beside them.
    let partsSink = CollectingLogSink()
    let metrics: HTTPMetrics
    let registry: MetricsRegistry
    let shard: MetricsShard
    let state: State
    /// What the API takes for the time.
    let clock = TestClock()
    private let tokens: TokenAuthority
    private let workers: PasswordWorkers

    private static let defaults = [
        "DATABASE_URL": "sqlite::memory:", "JWT_SECRET": TokenSamples.secretText, "ARGON2_MEMORY_KIB": "8",
        "ARGON2_ITERATIONS": "1", "HASHING_THREADS": "1",
    ]

    static func configuration(_ variables: [String: String]) throws -> APIConfiguration {
        let environment = defaults.merging(variables) { $1 }
        let reader = ConfigurationReader(ConfigurationSource(environment: environment))
        let configuration = APIConfiguration(reader)
        try reader.finish()
        return configuration
    }

    private init(_ configuration: APIConfiguration, on group: EventLoopGroup) throws {
        self.configuration = configuration
        var builder = MetricsRegistryBuilder()
        metrics = HTTPMetrics(routes: apiRoutes().map(\.route), in: &builder)
        registry = builder.build()
        shard = registry.makeShard(loop: 0)
        let logger = Logger(minimumLevel: configuration.host.logLevel, sink: partsSink)
        state = State(configuration.state, on: group, logger: logger)
        tokens = TokenAuthority(configuration.tokens, configuration.state.database, state, on: group, logger: logger)
        workers = try PasswordWorkers(configuration.accounts)
    }

    /// Runs the body while the parts of the API are up on these loops.
    static func with<Value: Sendable>(
        _ variables: [String: String],
        on group: EventLoopGroup,
        _ body: @escaping @Sendable (TestAPI) async throws -> Value
    ) async throws -> Value {
        let api = try TestAPI(try configuration(variables), on: group)
        let outcome: Result<Value, any Error>
        do {
            try await api.state.start()
            try await api.tokens.start()
            outcome = .success(try await body(api))
        } catch {
            outcome = .failure(error)
        }
        await api.workers.stop(within: .seconds(2))
        await api.tokens.stop(within: .seconds(2))
        await api.state.stop(within: .seconds(2))
        return try outcome.get()
    }

    /// What a loop has, for tests that make tokens or accounts themselves.
    func parts(on loop: EventLoop) -> APIParts {
        let clock = clock
        return APIParts(
            stores: state.stores(on: loop),
            tokens: tokens.parts(on: loop),
            hasher: workers.hasher,
            now: { clock.now }
        )
    }

    func build(on loop: EventLoop) throws -> any HTTPResponder {
        let logger = Logger(minimumLevel: configuration.host.logLevel, sink: sink)
        let recorder = HTTPMetrics.Recorder(metrics, shard: shard)
        return try buildAPI(
            configuration: configuration,
            parts: parts(on: loop),
            on: Host.Loop(loop: loop, logger: logger, metrics: recorder)
        )
    }
}

/// Time that goes on by itself, and that a test can turn forward.
final class TestClock: Sendable {
    private let ahead = Lock(Duration.zero)

    var now: WallTime { WallTime.now() + ahead.withLock { $0 } }

    func advance(by duration: Duration) { ahead.withLock { $0 += duration } }
}

/// Runs a test with a client of the API, configured by these variables.
@discardableResult
func withAPI<Value: Sendable>(
    _ depth: TestDepth,
    _ stores: TestStores = .embedded,
    _ variables: [String: String] = [:],
    _ body: @escaping @Sendable (TestClient, TestAPI) async throws -> Value
) async throws -> Value {
    try await stores.with { addresses in
        let variables = variables.merging(addresses) { own, _ in own }
        return try await withLoops(1) { group in
            try await TestAPI.with(variables, on: group) { api in
                try await withTestClient(depth, on: group, of: { try api.build(on: $0) }) { try await body($0, api) }
            }
        }
    }
}

/// The same where the stores are of no matter.
@discardableResult
func withAPI<Value: Sendable>(
    _ depth: TestDepth,
    _ variables: [String: String],
    _ body: @escaping @Sendable (TestClient, TestAPI) async throws -> Value
) async throws -> Value {
    try await withAPI(depth, .embedded, variables, body)
}
