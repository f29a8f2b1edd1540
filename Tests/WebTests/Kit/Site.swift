import Contract
import Ephemeral
import HTTPEngine
import Linux
import Networking
import Operations
import Redis
import TestKit

@testable import Hosting
@testable import Web

/// The whole of it for a test: the API as a program of its own with an SQLite file, and the front end in this process, with a
/// clock that a test may move.
final class Site: Sendable {
    static let administrator = "root-admin"
    static let password = "quiet lamps at seven in spring"

    let loop: EventLoop
    let clock: MovableClock
    let sink = CollectingLogSink()
    private let directory: LoopBound<TestDirectory>
    private let api = Lock<LoopBound<TestProgram>?>(nil)
    private let apiEnvironment: [String: String]
    private let servers = Lock<[HTTPServer]>([])
    private let group: EventLoopGroup
    private let configuration: WebConfiguration
    private let states = Lock<[WebState]>([])

    init(
        _ group: EventLoopGroup,
        web: [String: String],
        api environment: [String: String]
    ) throws {
        self.group = group
        loop = group.loops[0]
        clock = MovableClock()
        let folder = try TestDirectory()
        directory = LoopBound(folder, on: loop)
        apiEnvironment = [
            "API_LISTEN": "unix:\(folder.path("api.sock"))", "EVENT_LOOPS": "1", "DATABASE_URL": "sqlite:gatehouse.db",
            "JWT_SECRET": "only for tests, only for tests, only", "ADMIN_USERNAME": Site.administrator,
            "ADMIN_PASSWORD": Site.password, "ADMIN_EMAIL": "root@example.com", "ARGON2_MEMORY_KIB": "8",
            "ARGON2_ITERATIONS": "1", "RATE_LIMIT_ENABLED": "false",
        ].merging(environment) { _, given in given }
        let variables = ["API_URL": "unix:\(folder.path("api.sock"))"].merging(web) { _, given in given }
        let reader = ConfigurationReader(ConfigurationSource(environment: variables))
        configuration = WebConfiguration(reader)
        try reader.finish()
    }

    var apiPath: String { directory.value.path("api.sock") }

    // MARK: The API

    func startAPI() async throws {
        // What another run of it has said is not what this one says.
        try? File.remove(path: directory.value.path("errors"))
        let program = try TestProgram("gatehouse-api", ["serve"], apiEnvironment, in: directory.value)
        _ = try await program.address(on: loop)
        let bound = LoopBound(program, on: loop)
        api.withLock { $0 = bound }
    }

    /// Gone at once, as by a crash.
    func killAPI() async throws {
        guard let program = api.withLock({ $0.take() })?.value else { return }
        program.process.send(.kill)
        _ = try await program.ending(on: loop)
    }

    /// What the API logged since it was started, by the target of its requests.
    func apiLog(_ path: String) -> [String] {
        let errors = api.withLock { $0 }?.value.errors ?? ""
        return errors.split(separator: "\n").filter { $0.contains(" path=\(path) ") }.map(String.init)
    }

    // MARK: The front end

    /// Starts one more process of it, as it were: nothing is shared but what is in Redis.
    @discardableResult
    func startWeb() async throws -> HTTPOrigin {
        let logger = Logger(minimumLevel: .info, sink: sink)
        let state = WebState(redis: configuration.redis, api: configuration.api, on: group, logger: logger)
        try await state.start()
        states.withLock { $0.append(state) }
        var builder = MetricsRegistryBuilder()
        let metrics = HTTPMetrics(routes: webRoutes().map(\.route), in: &builder)
        let registry = builder.build()
        // As in development: a name in a template that no view gives is an error.
        let pages = try Pages(folder: try TemplatesFolder.find(configured: nil), reloads: true)
        let (configuration, clock) = (configuration, clock)
        guard let address = SocketAddress("127.0.0.1:0") else { preconditionFailure("a literal address") }
        let server = try await HTTPServer.start(at: [address], on: group) { loop in
            let recorder = HTTPMetrics.Recorder(metrics, shard: registry.makeShard(loop: loop.index))
            return try buildWeb(
                configuration: configuration,
                state: state.stores(on: loop),
                pages: pages,
                on: Host.Loop(loop: loop, logger: logger, metrics: recorder),
                now: clock.now
            )
        }
        servers.withLock { $0.append(server) }
        return HTTPOrigin(server.addresses[0])
    }

    func stopWeb() async {
        for server in servers.withLock({ $0.drain() }) { await server.stop(within: .seconds(2)) }
        for state in states.withLock({ $0.drain() }) { await state.stop(within: .seconds(2)) }
    }

    func stop() async {
        await stopWeb()
        api.withLock { $0 = nil }
    }
}

extension Array {
    fileprivate mutating func drain() -> [Element] {
        defer { self = [] }
        return self
    }
}

/// The time as it is, and as much later as a test says.
final class MovableClock: Sendable {
    private let offset = Lock(Duration.zero)

    func advance(by duration: Duration) { offset.withLock { $0 += duration } }

    var now: @Sendable () -> WallTime { { [self] in WallTime.now() + offset.withLock { $0 } } }
}

/// Runs a test with the whole of it, and a browser.
func withSite(
    web: [String: String] = [:],
    api: [String: String] = [:],
    loops: Int = 1,
    _ body: @escaping @Sendable (Site, Browser) async throws -> Void
) async throws {
    try await withLoops(loops) { group in
        let site = try Site(group, web: web, api: api)
        do {
            try await site.startAPI()
            let origin = try await site.startWeb()
            try await body(site, Browser(origin, on: site.loop))
            await site.stop()
        } catch {
            await site.stop()
            throw error
        }
    }
}
