internal import Contract
internal import HTTPEngine

/// Asks before something is done to a user, and does it.
struct UserCommandHandlers {
    let command: UserCommand

    func ask(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let user = try await context.user()
        return try context.show(ConfirmView(action: .user(command.action(on: user)), listQuery: try request.userList))
    }

    func perform(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let query = try request.userList
        // What is deleted has a name only before.
        let user = try await context.user()
        do {
            try await command.perform(on: try context.identifier, context)
        } catch APIError.refused(let refusal) where refusal.status == .conflict {
            // The question again, with the reason why not.
            let view = ConfirmView(
                action: .user(command.action(on: user)),
                listQuery: query,
                problem: UserCommandHandlers.reason(refusal)
            )
            return try context.show(view, status: .conflict)
        }
        let address = command == .delete ? PageAddress.users(query) : PageAddress.user(user.id, query)
        return context.redirect(to: address, saying: command.sentence(about: user))
    }

    private static func reason(_ refusal: APIRefusal) -> String {
        let message = refusal.envelope.message
        return message.prefix(1).uppercased() + message.dropFirst() + "."
    }
}
