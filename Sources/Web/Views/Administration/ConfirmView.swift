internal import Contract
internal import HTTPEngine
internal import Mustache

/// A question before something is done that can not, or not easily, be taken back.
struct ConfirmView: PageView {
    static let template = "confirm"

    enum Action: Sendable {
        case user(UserAction)
        /// One's own sessions, this one too.
        case signOutEverywhere
    }

    let action: Action
    /// The list of users to go back to.
    var listQuery = UserListQuery()
    /// Why it was refused.
    var problem: String?

    var title: String {
        switch action {
        case .user(let action): action.question
        case .signOutEverywhere: "Sign out everywhere?"
        }
    }

    var place: Navigation.Place? {
        switch action {
        case .user: .users
        case .signOutEverywhere: .account
        }
    }

    var status: HTTPStatus { problem == nil ? .ok : .conflict }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("question", .string(title)),
            ("sentence", .string(sentence)),
            ("answer", .string(answer)),
            ("is_destructive", .boolean(isDestructive)),
            ("form", form.value),
            ("back", .string(back)),
            ("user", user?.value(in: frame) ?? .null),
        ]
    }

    private var user: UserBody? {
        guard case .user(let action) = action else { return nil }
        return action.user
    }

    private var sentence: String {
        switch action {
        case .user(let action): action.sentence
        case .signOutEverywhere: "Every browser and app, this one too, has to sign in again."
        }
    }

    private var answer: String {
        switch action {
        case .user(let action): action.answer
        case .signOutEverywhere: "Sign out everywhere"
        }
    }

    private var isDestructive: Bool {
        switch action {
        case .user(let action): action.isDestructive
        case .signOutEverywhere: true
        }
    }

    private var back: String {
        switch action {
        case .user(let action): PageAddress.user(action.user.id, listQuery)
        case .signOutEverywhere: PageAddress.sessions
        }
    }

    private var form: Form {
        let problems = FormProblems(message: problem)
        guard case .user(let action) = action else {
            return Form(action: PageAddress.endAllSessions, problems: problems)
        }
        let address = PageAddress.userAction(action.user.id, action.verb, listQuery)
        guard case .delete = action else { return Form(action: address, problems: problems) }
        let box = FormBox(
            name: "hard",
            label: "Erase the record, too",
            help: "Otherwise it is kept out of sight, for the audit. Either way the name can be taken again."
        )
        return Form(action: address, boxes: [box], problems: problems)
    }
}
