internal import Contract
internal import Database
internal import HTTPEngine
internal import JSON

/// Signing in, staying and leaving.
struct AuthenticationHandlers {
    let service: AuthenticationService
    let authenticator: Authenticator
    let rules: PasswordRules

    func login(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: LoginRequest = try await request.content().valid()
        let client = ClientDescription(request, context.exchange)
        return answer(try await service.login(LoginName(body.identifier), body.password, from: client))
    }

    func refresh(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: RefreshRequest = try await request.content().valid()
        guard let token = body.refreshToken ?? request.bearerToken else { throw Authenticator.Refusal.missing }
        let client = ClientDescription(request, context.exchange)
        return answer(try await service.refresh(token, from: client))
    }

    /// By either token, or both: then both have to be right.
    func logout(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: LogoutRequest = try await request.content().valid()
        let client = ClientDescription(request, context.exchange)
        // Before anything ends.
        let other = try body.refreshToken.map { try service.session(ofRefreshToken: $0) }
        if other == nil || request.hasBearerToken {
            let principal = try await authenticator.authenticate(request, context)
            try await service.logout(session: principal.session, of: principal.user, from: client)
        }
        if let other { try await service.logout(session: other, of: nil, from: client) }
        return HTTPResponse(status: .noContent)
    }

    func logoutAll(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        try await service.logoutEverywhere(context.caller, from: ClientDescription(request, context.exchange))
        return HTTPResponse(status: .noContent)
    }

    func changePassword(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: PasswordChange = try await request.content().valid()
        try await service.changePassword(
            from: body.currentPassword,
            to: body.newPassword,
            rules: rules,
            context.caller,
            from: ClientDescription(request, context.exchange)
        )
        return HTTPResponse(status: .noContent)
    }

    func sessions(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let sessions = try await service.sessions(of: context.caller)
        return .json(SessionList(items: sessions.map { SessionBody($0, current: context.caller.session) }).json)
    }

    func endSession(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        try await service.endSession(
            try context.identifier(),
            context.caller,
            from: ClientDescription(request, context.exchange)
        )
        return HTTPResponse(status: .noContent)
    }

    /// For nginx: whether the token counts, and whose it is.
    func verify(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        var response = HTTPResponse(status: .noContent)
        response.fields.append(.xAuthUserID, context.caller.user.description)
        response.fields.append(.xAuthUsername, context.caller.username)
        response.fields.append(.xAuthRoles, context.caller.isAdmin ? "admin,user" : "user")
        return response
    }

    private func answer(_ signedIn: SignedIn) -> HTTPResponse {
        var response = HTTPResponse.json(
            TokensBody(
                accessToken: signedIn.accessToken,
                refreshToken: signedIn.refreshToken,
                expiresIn: signedIn.expiresIn,
                user: UserBody(signedIn.user)
            ).json
        )
        // RFC 6750, section 5.3: tokens are not to be kept on the way.
        response.fields.append(.cacheControl, "no-store")
        if let device = signedIn.deviceToken { response.fields.append(.xDeviceToken, device) }
        return response
    }
}
