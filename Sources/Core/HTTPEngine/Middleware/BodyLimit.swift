/// Refuses content that is longer than allowed: at once when its length is announced, in the middle of it otherwise.
public struct BodyLimit<Context: RequestContext>: Middleware {
    private let limit: Int

    public init(_ limit: Int) { self.limit = limit }

    public func handle(
        _ request: HTTPRequest,
        _ context: Context,
        next: Handler<Context>
    ) async throws -> HTTPResponse {
        if let length = request.body.length, length > limit { throw HTTPBodyError.tooLarge(limit: limit) }
        guard case .stream(let content) = request.body, content.length == nil else {
            return try await next(request, context)
        }
        var limited = request
        limited.body = .stream(BodyLimit.limited(content, to: limit))
        return try await next(limited, context)
    }

    private static func limited(_ content: HTTPBodyStream, to limit: Int) -> HTTPBodyStream {
        var received = 0
        return HTTPBodyStream {
            let piece = try await content.next()
            received += piece?.count ?? 0
            guard received <= limit else { throw HTTPBodyError.tooLarge(limit: limit) }
            return piece
        }
    }
}
