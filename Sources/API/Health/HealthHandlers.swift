internal import HTTPEngine
internal import JSON

/// Says that the process answers. What its stores do is the business of readiness.
struct HealthHandlers {
    private static let answer: [UInt8] = {
        var writer = JSONWriter()
        writer.object { $0.member("status", "ok") }
        return writer.bytes
    }()

    func health(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        HTTPResponse(
            fields: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .bytes(HealthHandlers.answer)
        )
    }
}
