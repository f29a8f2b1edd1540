import HTTPEngine
import Linux
import Networking
import Operations
import TestKit

/// An application with every middleware, in the order in which the programs have them, and a route for each thing that
/// the tests ask of it.
struct SampleApplication: Sendable {
    static let hsts = "max-age=1000"
    /// What must never leave the process but by the log.
    static let secret = "hunter2"

    var proxies = TrustedProxies()
    var origins = CrossOriginPolicy<HTTPExchange>.Origins(listed: [])
    var bodyLimit = 100
    var logLevel = LogLevel.info
    let sink = CollectingLogSink()
    /// How often what stands inside of the outermost middlewares was asked.
    let asked = Lock(0)
    private let metrics: HTTPMetrics
    private let registry: MetricsRegistry
    private let shard: MetricsShard

    init() throws {
        var builder = MetricsRegistryBuilder()
        metrics = HTTPMetrics(routes: try SampleApplication.router().routes, in: &builder)
        registry = builder.build()
        shard = registry.makeShard(loop: 0)
    }

    var exposition: String { String(decoding: registry.render(shards: [shard]), as: UTF8.self) }

    func build(on loop: EventLoop) throws -> any HTTPResponder {
        let errors = SampleErrors()
        return Application(
            try SampleApplication.router(),
            outermost: [
                RequestIDField(),
                AccessLog(quietPatterns: ["/quiet"], metrics: HTTPMetrics.Recorder(metrics, shard: shard)),
                SecurityHeaders(
                    .init(contentSecurityPolicy: "default-src 'none'", strictTransportSecurity: SampleApplication.hsts)
                ),
            ],
            middleware: [
                Counting(count: asked), CrossOriginPolicy(origins), ErrorBoundary(errors), BodyLimit(bodyLimit),
            ],
            errors: errors,
            settings: .init(proxies, Logger(minimumLevel: logLevel, sink: sink)),
            makeContext: { $0 }
        )
    }

    private static func router() throws -> Router<HTTPExchange> {
        var router = Router<HTTPExchange>()
        try router.on(.get, "/plain") { _, _ in .text("plain") }
        try router.on(.put, "/plain") { _, _ in HTTPResponse(status: .noContent) }
        try router.on(.get, "/quiet") { request, _ in
            if request.query == "fail" { throw Unforeseen() }
            return .text("quiet")
        }
        try router.on(.get, "/users/{id}/keys/{key}") { _, exchange in
            .text("\(exchange.parameters["id"] ?? "-") \(exchange.parameters["key"] ?? "-")")
        }
        try router.on(.post, "/echo") { request, _ in
            HTTPResponse(body: .bytes(try await request.body.collect(limit: 10_000_000)))
        }
        try router.on(.post, "/ignore") { _, _ in .text("ignored") }
        try router.on(.get, "/failing") { _, _ in throw Unforeseen() }
        try router.on(.get, "/busy") { _, _ in
            throw HTTPError(.serviceUnavailable, "come back", fields: [.retryAfter: "7"])
        }
        try router.on(.get, "/who") { _, exchange in
            let address = exchange.clientAddress?.description ?? "nobody"
            return .text("\(address) \(exchange.isSecure) \(exchange.requestID)")
        }
        try router.on(.get, "/trace") { request, exchange in
            var fields: HTTPFields = [.traceparent: "old", .xRequestID: "old"]
            exchange.forwardTrace(of: request, into: &fields)
            return .text(fields.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "\n"))
        }
        try router.on(.get, "/own") { _, _ in
            HTTPResponse(fields: SampleApplication.own, body: .text("own"))
        }
        return router
    }

    /// What a handler says of its own accord.
    static let own: HTTPFields = [
        .contentSecurityPolicy: "default-src 'self'", .referrerPolicy: "no-referrer", .xFrameOptions: "SAMEORIGIN",
        .crossOriginResourcePolicy: "same-site", .crossOriginOpenerPolicy: "unsafe-none",
        .permissionsPolicy: "camera=(self)", .xContentTypeOptions: "nosniff", .strictTransportSecurity: "max-age=1",
        .xRequestID: "own", .vary: "Accept",
    ]

    struct Unforeseen: Error, CustomDebugStringConvertible {
        var debugDescription: String { "the password is \(SampleApplication.secret)" }
    }
}

private struct Counting: Middleware {
    let count: Lock<Int>

    func handle(
        _ request: HTTPRequest,
        _ context: HTTPExchange,
        next: Handler<HTTPExchange>
    ) async throws -> HTTPResponse {
        count.withLock { $0 += 1 }
        return try await next(request, context)
    }
}

/// As the programs turn errors into answers.
private struct SampleErrors: ErrorResponder {
    func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse {
        guard let known = HTTPError(describing: error) else {
            exchange.logger.error("request failed", ["error": .error(error)])
            return .text("something went wrong", status: .internalServerError)
        }
        var response = HTTPResponse.text(known.reason, status: known.status)
        response.fields.append(contentsOf: known.fields)
        return response
    }
}

extension Application.Settings {
    init(_ proxies: TrustedProxies, _ logger: Logger) { self.init(trustedProxies: proxies, logger: logger) }
}

extension TrustedProxies {
    /// The machine that the tests run on, which is where their requests come from.
    static let here = TrustedProxies([IPNetwork("127.0.0.0/8"), IPNetwork("10.0.0.0/8")].compactMap(\.self))
    static let elsewhere = TrustedProxies([IPNetwork("10.0.0.0/8")].compactMap(\.self))
}

/// Runs a test with a client of a sample application.
@discardableResult
func withSample<Value: Sendable>(
    _ depth: TestDepth,
    _ change: (inout SampleApplication) -> Void = { _ in },
    _ body: @escaping @Sendable (TestClient, SampleApplication) async throws -> Value
) async throws -> Value {
    var sample = try SampleApplication()
    change(&sample)
    let application = sample
    return try await withTestClient(depth, of: { try application.build(on: $0) }) { client in
        try await body(client, application)
    }
}
