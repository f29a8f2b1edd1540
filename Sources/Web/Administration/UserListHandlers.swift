internal import Contract
internal import HTTPEngine

/// The list of users.
struct UserListHandlers {
    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let query = try request.userList
        let page = try await context.call(.users(query))
        // Somebody deleted what was on the last page.
        if page.items.isEmpty, query.page > 1 {
            var last = query
            last.page = max(page.pages, 1)
            return context.redirect(to: PageAddress.users(last))
        }
        return try context.show(UsersView(page: page, query: query))
    }
}

extension HTTPRequest {
    /// Which part of the list of users stands behind a page, by the query of its address.
    var userList: UserListQuery {
        get throws {
            do {
                return try UserListQuery.read(query).valid()
            } catch {
                // Nobody gets there by a link of ours.
                throw HTTPError(.badRequest, "the query is none of the list of users")
            }
        }
    }
}

extension WebExchange {
    /// The list behind a dialog; nil when it can not be had now.
    func userListIfKnown(_ query: UserListQuery) async throws -> UsersView? {
        do {
            return UsersView(page: try await call(.users(query)), query: query)
        } catch let error as APIError {
            if case .refused(let refusal) = error, refusal.status == .forbidden { throw error }
            return nil
        }
    }
}
