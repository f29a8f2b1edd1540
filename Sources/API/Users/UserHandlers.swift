internal import Contract
internal import HTTPEngine
internal import JSON

/// The accounts of others.
struct UserHandlers {
    let service: AccountService
    let search: any UserSearch

    func list(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let query: UserListQuery = try request.parameters().valid()
        let page = try await service.page(UserQuery(query), search: search)
        return .json(
            UserPage(
                items: page.users.map { UserBody($0) },
                page: query.page,
                pageSize: query.pageSize,
                total: page.total
            ).json
        )
    }

    func create(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: UserCreation = try await request.content().valid()
        let user = try await service.create(
            .init(
                username: body.username,
                email: body.email,
                password: body.password,
                isAdmin: body.isAdmin,
                isActive: body.isActive,
                isEmailVerified: body.isEmailVerified
            ),
            by: context.caller.actor,
            from: ClientDescription(request, context.exchange)
        )
        return .json(UserBody(user).json, status: .created)
    }

    func user(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        .json(UserBody(try await service.user(try context.identifier())).json)
    }

    func replace(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: UserReplacement = try await request.content().valid()
        return try await change(
            .init(
                username: body.username,
                email: body.email,
                isAdmin: body.isAdmin,
                isActive: body.isActive,
                isEmailVerified: body.isEmailVerified,
                password: body.password
            ),
            .userUpdated,
            request,
            context
        )
    }

    func change(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let body: UserChange = try await request.content().valid()
        return try await change(
            .init(
                username: body.username,
                email: body.email,
                isAdmin: body.isAdmin,
                isActive: body.isActive,
                isEmailVerified: body.isEmailVerified,
                password: body.password
            ),
            .userUpdated,
            request,
            context
        )
    }

    func delete(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let query: UserDeletionQuery = try request.parameters().valid()
        try await service.delete(
            try context.identifier(),
            isHard: query.isHard,
            by: context.caller.actor,
            from: ClientDescription(request, context.exchange)
        )
        return HTTPResponse(status: .noContent)
    }

    func activate(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        try await change(.init(isActive: true), .userActivated, request, context)
    }

    func deactivate(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        try await change(.init(isActive: false), .userDeactivated, request, context)
    }

    func makeAdministrator(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        try await change(.init(isAdmin: true), .adminGiven, request, context)
    }

    func removeAdministrator(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        try await change(.init(isAdmin: false), .adminTaken, request, context)
    }

    func endSessions(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        try await service.endSessions(
            of: try context.identifier(),
            by: context.caller.actor,
            from: ClientDescription(request, context.exchange)
        )
        return HTTPResponse(status: .noContent)
    }

    private func change(
        _ change: AccountService.Change,
        _ action: AuditAction,
        _ request: HTTPRequest,
        _ context: APIExchange
    ) async throws -> HTTPResponse {
        let user = try await service.change(
            try context.identifier(),
            change,
            action: action,
            by: context.caller.actor,
            from: ClientDescription(request, context.exchange)
        )
        return .json(UserBody(user).json)
    }
}

extension UserQuery {
    fileprivate init(_ query: UserListQuery) {
        let sorting: Sorting =
            switch query.sorting {
            case .createdAt: .createdAt
            case .username: .username
            case .email: .email
            case .lastLoginAt: .lastLoginAt
            }
        self.init(
            sorting: sorting,
            isDescending: query.isDescending,
            search: query.search,
            isActive: query.isActive,
            isAdmin: query.isAdmin,
            offset: (query.page - 1) * query.pageSize,
            limit: query.pageSize
        )
    }
}
