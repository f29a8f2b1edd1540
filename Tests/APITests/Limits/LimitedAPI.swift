import Database
import Ephemeral
import HTTPEngine
import Linux
import Networking
import Operations
import TestKit

@testable import API

/// An application with one route for each way to count. Users have numbers for tokens; `revoked` is signed well but does
/// not count any more; nobody can tell of `away`; everything else is forged.
struct LimitedAPI: Sendable {
    private let settings: LimitSettings
    private let proxies: TrustedProxies
    private let memory = MemoryStore()
    private let time = Lock(WallTime(seconds: 1_790_000_000))
    private let count = Lock(0)
    let sink = CollectingLogSink()

    init(_ settings: LimitSettings, trusted: [IPNetwork]) {
        self.settings = settings
        proxies = TrustedProxies(trusted)
    }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }

    /// How many requests reached what they asked for.
    var handled: Int { count.withLock { $0 } }

    func build(on loop: EventLoop) throws -> any HTTPResponder {
        let time = time
        let limits = RequestLimits(
            settings,
            limiter: RateLimiter(store: memory, fallback: memory),
            on: loop,
            wallTime: { time.withLock { $0 } }
        )
        var router = Router<LimitedExchange>()
        let count = count
        let answer: Handler<LimitedExchange> = { _, _ in
            count.withLock { $0 += 1 }
            return .text("done")
        }
        try router.on(.get, "/health", handler: answer)
        try router.on(.get, "/open", handler: answer)
        try router.on(.get, "/mine", middleware: [Authentication(limits: limits)], handler: answer)
        try router.on(.post, "/login", handler: answer)
        try router.on(.get, "/broken") { _, _ in throw EphemeralStoreError(.refused) }
        return Application(
            router,
            middleware: [
                RateLimitMiddleware(
                    limits,
                    rules: [.exempt, .address(.general), .caller, .address(.login), .address(.general)],
                    errors: APIErrorResponder()
                )
            ],
            errors: APIErrorResponder(),
            settings: .init(trustedProxies: proxies, logger: Logger(sink: sink)),
            makeContext: { LimitedExchange($0) }
        )
    }
}

final class LimitedExchange: LimitedContext {
    let exchange: HTTPExchange
    var limitReport: LimitReport?

    init(_ exchange: HTTPExchange) { self.exchange = exchange }
}

/// Checks a token as the API does: its signature, then both stores' commands together.
private struct Authentication: Middleware {
    let limits: RequestLimits

    func handle(
        _ request: HTTPRequest,
        _ context: LimitedExchange,
        next: Handler<LimitedExchange>
    ) async throws -> HTTPResponse {
        let refusal = HTTPError(.unauthorized, "no good token")
        guard let token = request.fields[.authorization]?.dropFirst("Bearer ".count) else { throw refusal }
        if token == "away" { throw HTTPError(.serviceUnavailable, "the database is away") }
        let isRevoked = token == "revoked"
        guard let number = isRevoked ? 1 : UInt64(token) else { throw refusal }
        let (_, report) = try await limits.check(.user(UUID(high: 0, low: number))) {
            if isRevoked { throw refusal }
        }
        context.limitReport = report
        return try await next(request, context)
    }
}

/// Runs a test with a client of such an application, which believes what loopback says of addresses.
func withLimitedAPI(
    _ depth: TestDepth,
    _ environment: [String: String],
    trusted: [String] = ["127.0.0.1"],
    _ body: @escaping @Sendable (TestClient, LimitedAPI) async throws -> Void
) async throws {
    let networks = trusted.compactMap { IPNetwork($0) }
    let api = LimitedAPI(try LimitSettingsTests.read(environment), trusted: networks)
    try await withTestClient(depth, of: { try api.build(on: $0) }) { try await body($0, api) }
}
