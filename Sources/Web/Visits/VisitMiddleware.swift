internal import HTTPEngine

/// Reads a browser's cookies, and sets those that the answer changed. Stands outside of where errors become pages: these
/// set cookies too.
struct VisitMiddleware: Middleware {
    func handle(
        _ request: HTTPRequest,
        _ context: WebExchange,
        next: Handler<WebExchange>
    ) async throws -> HTTPResponse {
        let visit = Visit(request, context.exchange, context.parts.cookies)
        context.arrive(visit)
        var response = try await next(request, context)
        for cookie in visit.cookies { response.fields.append(cookie) }
        // What is said to one browser no other one may get, nor this one when it goes back.
        if !response.fields.contains(.cacheControl) { response.fields.append(.cacheControl, "no-store") }
        return response
    }
}
