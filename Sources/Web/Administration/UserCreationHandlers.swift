internal import Contract
internal import HTTPEngine

/// Making an account for somebody.
struct UserCreationHandlers {
    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let query = try request.userList
        // The list is also what tells whether this is an administrator's page.
        let page = try await context.call(.users(query))
        return try context.show(UserCreationView(listQuery: query, list: UsersView(page: page, query: query)))
    }

    func create(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let query = try request.userList
        let form = context.visit.form
        let creation = UserCreation(
            username: form.typed("username"),
            email: form.typed("email"),
            password: form.typed("password"),
            isAdmin: form.isTicked("is_admin"),
            isEmailVerified: form.isTicked("email_verified")
        )
        do {
            let user = try await context.call(.createUser(creation))
            return context.redirect(to: PageAddress.users(query), saying: "The user \(user.username) was created.")
        } catch {
            guard let failure = FormFailure(error) else { throw error }
            let view = UserCreationView(
                username: creation.username,
                email: creation.email,
                isAdmin: creation.isAdmin,
                isEmailVerified: creation.isEmailVerified,
                problems: failure.problems,
                listQuery: query,
                list: failure.isPassing ? nil : try await context.userListIfKnown(query)
            )
            return try context.show(view, after: failure)
        }
    }
}
