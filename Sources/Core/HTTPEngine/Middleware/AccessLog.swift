internal import Linux
internal import Operations

/// One line and one count for each request.
///
/// The line holds the path but not the query, which may carry what nobody should read later.
public struct AccessLog<Context: RequestContext>: Middleware {
    private let quietPatterns: Set<String>
    private let metrics: HTTPMetrics.Recorder?

    /// Requests to `quietPatterns` (health checks, which come every second) are logged at level debug.
    public init(quietPatterns: Set<String> = [], metrics: HTTPMetrics.Recorder? = nil) {
        self.quietPatterns = quietPatterns
        self.metrics = metrics
    }

    public func handle(
        _ request: HTTPRequest,
        _ context: Context,
        next: Handler<Context>
    ) async throws -> HTTPResponse {
        metrics?.requestBegan()
        defer { metrics?.requestEnded() }
        let response = try await next(request, context)
        let exchange = context.exchange
        let duration = MonotonicTime.now() - exchange.start
        metrics?.count(exchange.route, request.method, response.status, duration)
        let level = level(exchange, response.status)
        if exchange.logs(level) { exchange.logger.log(level, "request", fields(request, exchange, response, duration)) }
        return response
    }

    private func level(_ exchange: HTTPExchange, _ status: HTTPStatus) -> LogLevel {
        // 501 and 505 come of what the peer spoke: nobody here has to look after them.
        let isPeersDoing = status == .notImplemented || status == .versionNotSupported
        if status.code >= 500, !isPeersDoing { return .error }
        if let route = exchange.route, quietPatterns.contains(route.pattern) { return .debug }
        return .info
    }

    private func fields(
        _ request: HTTPRequest,
        _ exchange: HTTPExchange,
        _ response: HTTPResponse,
        _ duration: Duration
    ) -> LogFields {
        var fields: LogFields = [
            "method": .string(request.method.name),
            "path": .string(String(request.path)),
            "status": .integer(response.status.code),
            "duration": .duration(duration),
            "client": .string(exchange.clientAddress?.description ?? "unix"),
        ]
        if let length = response.body.length { fields.append("bytes", .integer(length)) }
        return fields
    }
}
