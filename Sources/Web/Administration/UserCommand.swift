internal import Contract
internal import HTTPEngine

/// What an administrator does to a user, after a question.
enum UserCommand: String, CaseIterable, Sendable {
    case activate
    case deactivate
    case makeAdministrator = "make-admin"
    case removeAdministrator = "remove-admin"
    case endSessions = "end-sessions"
    case delete

    /// In words.
    func action(on user: UserBody) -> UserAction {
        switch self {
        case .activate: .activate(user)
        case .deactivate: .deactivate(user)
        case .makeAdministrator: .makeAdministrator(user)
        case .removeAdministrator: .removeAdministrator(user)
        case .endSessions: .endSessions(user)
        case .delete: .delete(user)
        }
    }

    func perform(on id: Identifier, _ context: WebExchange) async throws {
        switch self {
        case .activate: _ = try await context.call(.activateUser(id))
        case .deactivate: _ = try await context.call(.deactivateUser(id))
        case .makeAdministrator: _ = try await context.call(.makeAdministrator(id))
        case .removeAdministrator: _ = try await context.call(.removeAdministrator(id))
        case .endSessions: try await context.call(.endUserSessions(id))
        case .delete:
            let query = UserDeletionQuery(isHard: context.visit.form.isTicked("hard"))
            try await context.call(.deleteUser(id, query))
        }
    }

    /// Said when it is done.
    func sentence(about user: UserBody) -> String {
        let name = user.username
        return switch self {
        case .activate: "\(name) was switched on and can sign in again."
        case .deactivate: "\(name) was switched off and signed out everywhere."
        case .makeAdministrator: "\(name) is an administrator now."
        case .removeAdministrator: "\(name) is not an administrator any more."
        case .endSessions: "\(name) was signed out everywhere."
        case .delete: "\(name) was deleted."
        }
    }
}
