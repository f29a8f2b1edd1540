internal import Contract
internal import Mustache

/// What an administrator can do to a user at one stroke, in words.
enum UserAction: Sendable {
    case activate(UserBody)
    case deactivate(UserBody)
    case makeAdministrator(UserBody)
    case removeAdministrator(UserBody)
    case endSessions(UserBody)
    case delete(UserBody)

    var user: UserBody {
        switch self {
        case .activate(let user), .deactivate(let user), .makeAdministrator(let user), .removeAdministrator(let user),
            .endSessions(let user), .delete(let user):
            user
        }
    }

    /// The last segment of its address.
    var verb: String {
        switch self {
        case .activate: "activate"
        case .deactivate: "deactivate"
        case .makeAdministrator: "make-admin"
        case .removeAdministrator: "remove-admin"
        case .endSessions: "end-sessions"
        case .delete: "delete"
        }
    }

    /// On the button that leads to the question.
    var words: String {
        switch self {
        case .activate: "Switch on"
        case .deactivate: "Switch off"
        case .makeAdministrator: "Make administrator"
        case .removeAdministrator: "Remove administrator"
        case .endSessions: "Sign out everywhere"
        case .delete: "Delete user"
        }
    }

    /// The question, which names the user.
    var question: String {
        switch self {
        case .activate(let user): "Switch \(user.username) on?"
        case .deactivate(let user): "Switch \(user.username) off?"
        case .makeAdministrator(let user): "Make \(user.username) an administrator?"
        case .removeAdministrator(let user): "Remove \(user.username) as administrator?"
        case .endSessions(let user): "Sign \(user.username) out everywhere?"
        case .delete(let user): "Delete \(user.username)?"
        }
    }

    /// On the button that does it.
    var answer: String {
        switch self {
        case .activate(let user): "Switch \(user.username) on"
        case .deactivate(let user): "Switch \(user.username) off"
        case .makeAdministrator(let user): "Make \(user.username) an administrator"
        case .removeAdministrator(let user): "Remove \(user.username) as administrator"
        case .endSessions(let user): "Sign \(user.username) out"
        case .delete(let user): "Delete \(user.username)"
        }
    }

    /// What will happen.
    var sentence: String {
        switch self {
        case .activate: "The user can sign in again, with the password as it was."
        case .deactivate: "The user is signed out everywhere at once and can not sign in. Nothing is deleted."
        case .makeAdministrator: "The user can see and change every account, and make others administrators."
        case .removeAdministrator: "The user keeps the account and can not see or change others any more."
        case .endSessions: "Every browser and app of the user has to sign in again."
        case .delete: "The user is signed out everywhere and the account is gone. This can not be undone."
        }
    }

    var isDestructive: Bool {
        switch self {
        case .deactivate, .removeAdministrator, .delete: true
        case .activate, .makeAdministrator, .endSessions: false
        }
    }

    /// The way to the question.
    func link(_ query: UserListQuery) -> MustacheValue {
        [
            "address": .string(PageAddress.userAction(user.id, verb, query)),
            "words": .string(words),
            "sentence": .string(sentence),
        ]
    }
}
