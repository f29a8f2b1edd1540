internal import Contract
internal import HTTPEngine
internal import JSON

/// One's own account.
struct AccountHandlers {
    let service: AccountService

    func signUp(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: SignUpRequest = try await request.content().valid()
        let user = try await service.signUp(
            .init(username: body.username, email: body.email, password: body.password),
            from: ClientDescription(request, context.exchange)
        )
        return .json(UserBody(user).json, status: .created)
    }

    func me(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        return .json(UserBody(try await service.user(context.caller.user)).json)
    }

    func changeProfile(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: ProfileChange = try await request.content().valid()
        let user = try await service.change(
            .init(username: body.username, email: body.email),
            of: context.caller,
            from: ClientDescription(request, context.exchange)
        )
        return .json(UserBody(user).json)
    }

    func hello(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        return .json(HelloBody(username: context.caller.username).json)
    }
}
