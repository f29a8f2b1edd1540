internal import Contract
internal import Ephemeral
internal import HTTPEngine
internal import JSON
internal import Linux

/// Says whether the process answers, and whether what it needs does.
struct HealthHandlers {
    private static let patience = Duration.milliseconds(800)

    func health(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        .json(HealthBody().json)
    }

    /// Without the API there is nothing to show, and without the store nobody is signed in: 503 for both.
    func readiness(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let start = MonotonicTime.now()
        let isAnswering =
            (try? await context.parts.api.send(.health, for: .program, timeout: HealthHandlers.patience)) != nil
        let api = isAnswering ? MonotonicTime.now() - start : nil
        let store = try? await context.parts.sessions.store.ping(timeout: HealthHandlers.patience)
        let isGood = api != nil && store != nil
        let body = ReadinessBody(
            condition: isGood ? .good : .down,
            stores: [StoreHealth("api", api), StoreHealth("ephemeral", store)]
        )
        var response = HTTPResponse.json(body.json, status: isGood ? .ok : .serviceUnavailable)
        if !isGood { response.fields.append(.retryAfter, "1") }
        return response
    }
}

extension StoreHealth {
    fileprivate init(_ name: String, _ latency: Duration?) {
        self.init(
            name: name,
            condition: latency == nil ? .down : .good,
            latencyMicroseconds: latency.map { Int($0.nanoseconds / 1_000) }
        )
    }
}
