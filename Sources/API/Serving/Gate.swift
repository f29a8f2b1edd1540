internal import Contract
internal import HTTPEngine

/// Lets those pass who may call an operation, as its contract says. Stands before each handler.
struct Gate: Middleware {
    let caller: Operation.Caller
    let authenticator: Authenticator

    /// Whether everybody passes.
    var isOpen: Bool {
        switch caller {
        case .anyone, .holder: true
        case .bearer, .user, .administrator, .administratorOrSelf: false
        }
    }

    func handle(
        _ request: HTTPRequest,
        _ context: APIExchange,
        next: Handler<APIExchange>
    ) async throws -> HTTPResponse {
        switch caller {
        case .anyone, .holder: break
        case .bearer, .user: context.admit(try await authenticator.authenticate(request, context))
        case .administrator:
            context.admit(try await authenticator.authenticate(request, context))
            guard context.caller.isAdmin else { throw Forbidden() }
        case .administratorOrSelf:
            context.admit(try await authenticator.authenticate(request, context))
            let caller = context.caller
            guard try caller.isAdmin || context.identifier() == caller.user else { throw Forbidden() }
        }
        return try await next(request, context)
    }

    /// Known, and not allowed.
    struct Forbidden: Error {}
}
