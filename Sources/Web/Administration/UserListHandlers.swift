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
            last.page = page.lastPage(before: query.page)
            return context.redirect(to: PageAddress.users(last))
        }
        return try context.show(UsersView(page: page, query: query))
    }
}

extension Page {
    /// Where to lead somebody who asked for a page on which there is nothing: always to an earlier one.
    func lastPage(before page: Int) -> Int { max(min(pages, page - 1), 1) }
}

extension HTTPRequest {
    /// Which part of the list of users stands behind a page, by the query of its address.
    var userList: UserListQuery {
        get throws {
            do {
                var list = try UserListQuery.read(query).valid()
                // However many an address asks for: no page is to be long.
                list.pageSize = UserListQuery().pageSize
                return list
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
