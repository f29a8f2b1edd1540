/// Says the request's id in X-Request-ID, on every answer: who complains can name what to look for.
public struct RequestIDField<Context: RequestContext>: Middleware {
    public init() {}

    public func handle(
        _ request: HTTPRequest,
        _ context: Context,
        next: Handler<Context>
    ) async throws -> HTTPResponse {
        var response = try await next(request, context)
        response.fields.set(.xRequestID, context.exchange.requestID)
        return response
    }
}
