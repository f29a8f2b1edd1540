internal import Contract
internal import HTTPEngine

/// One user: a dialog over the list that is a page of its own too.
struct UserEditHandlers {
    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let query = try request.userList
        let user = try await context.user()
        let view = UserEditView(
            id: user.id,
            user: user,
            isOneself: try context.isOneself(user.id),
            listQuery: query,
            list: try await context.userListIfKnown(query)
        )
        return try context.show(view)
    }

    func change(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let query = try request.userList
        let id = try context.identifier
        let form = context.visit.form
        let password = form.typed("password")
        let change = UserChange(
            username: form.typed("username"),
            email: form.typed("email"),
            isEmailVerified: form.isTicked("email_verified"),
            password: password.isEmpty ? nil : password
        )
        do {
            let user = try await context.call(.changeUser(id, change))
            return context.redirect(to: PageAddress.users(query), saying: "The user \(user.username) was changed.")
        } catch {
            guard let failure = FormFailure(error) else { throw error }
            // What was typed must not be lost: when the API can not be asked, it is shown without what else there is.
            let user = failure.isPassing ? nil : try? await context.user()
            let view = UserEditView(
                id: id.text,
                user: user,
                isOneself: try context.isOneself(id.text),
                username: change.username,
                email: change.email,
                isEmailVerified: change.isEmailVerified,
                problems: failure.problems,
                listQuery: query,
                list: user == nil ? nil : try await context.userListIfKnown(query)
            )
            return try context.show(view, after: failure)
        }
    }
}

extension WebExchange {
    /// The user in the path, for an administrator. The API lets everybody see themselves, which is not enough here.
    func user() async throws -> UserBody {
        let user = try await call(.user(try identifier))
        if try isOneself(user.id), !user.isAdmin { throw HTTPError(.forbidden, "this is for administrators") }
        return user
    }

    func isOneself(_ id: String) throws -> Bool { try session.record.user.id == id }
}
