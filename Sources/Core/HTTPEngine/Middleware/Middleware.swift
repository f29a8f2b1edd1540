/// Something that stands between the engine and the handlers: it may look at a request, answer it itself, or change what
/// `next` answers.
public protocol Middleware<Context> {
    associatedtype Context: RequestContext

    func handle(_ request: HTTPRequest, _ context: Context, next: Handler<Context>) async throws -> HTTPResponse
}

/// Wraps a handler in middlewares, the first one outermost. Done once at boot, so that a request pays for calls and not
/// for finding out what to call.
func compose<Context: RequestContext>(
    _ middleware: [any Middleware<Context>],
    around handler: @escaping Handler<Context>
) -> Handler<Context> {
    var composed = handler
    for layer in middleware.reversed() { composed = wrap(composed, in: layer) }
    return composed
}

private func wrap<Layer: Middleware>(
    _ next: @escaping Handler<Layer.Context>,
    in layer: Layer
) -> Handler<Layer.Context> {
    { request, context in try await layer.handle(request, context, next: next) }
}
