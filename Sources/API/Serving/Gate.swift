internal import Contract
internal import HTTPEngine

/// Lets those pass who may call an operation, as its contract says, and has nobody on the way keep what they get. Stands
/// before each handler.
struct Gate: Middleware {
    let caller: Operation.Caller
    let authenticator: Authenticator
    /// Whether requests count against the limit of whoever makes them.
    let isCounting: Bool

    /// Whether everybody passes, and gets the same.
    var isOpen: Bool { caller == .anyone }

    func handle(
        _ request: HTTPRequest,
        _ context: APIExchange,
        next: Handler<APIExchange>
    ) async throws -> HTTPResponse {
        switch caller {
        case .anyone, .holder: break
        case .bearer, .user: context.admit(try await authenticate(request, context))
        case .administrator:
            context.admit(try await authenticate(request, context))
            guard context.caller.isAdmin else { throw Forbidden() }
        case .administratorOrSelf:
            context.admit(try await authenticate(request, context))
            let caller = context.caller
            guard try caller.isAdmin || context.identifier() == caller.user else { throw Forbidden() }
        }
        var response = try await next(request, context)
        // A browser could show it to whoever sits there after a sign-out.
        if !response.fields.contains(.cacheControl) { response.fields.append(.cacheControl, "no-store") }
        return response
    }

    private func authenticate(_ request: HTTPRequest, _ context: APIExchange) async throws -> Principal {
        try await authenticator.authenticate(request, context, isCounted: isCounting)
    }

    /// Known, and not allowed.
    struct Forbidden: Error {}
}
