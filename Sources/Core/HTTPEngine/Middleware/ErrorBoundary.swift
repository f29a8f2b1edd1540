/// Turns what is thrown further in into a response, so that the middlewares further out see one whatever happened.
public struct ErrorBoundary<Context: RequestContext>: Middleware {
    private let errors: any ErrorResponder

    public init(_ errors: any ErrorResponder) { self.errors = errors }

    public func handle(
        _ request: HTTPRequest,
        _ context: Context,
        next: Handler<Context>
    ) async throws -> HTTPResponse {
        do {
            return try await next(request, context)
        } catch {
            return errors.respond(to: error, for: context.exchange)
        }
    }
}
