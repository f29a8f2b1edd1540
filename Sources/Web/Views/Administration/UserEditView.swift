internal import Contract
internal import HTTPEngine
internal import Mustache

/// `/admin/users/{id}`: a dialog over the list, and a page of its own.
struct UserEditView: PageView {
    static let template = "user-edit"

    let user: UserBody
    /// Whether it is the account of who looks at it.
    let isOneself: Bool
    /// As they were typed, when they were refused.
    var username: String?
    var email: String?
    var isEmailVerified: Bool?
    var problems = FormProblems.none
    var list: UsersView?

    var title: String { user.username }
    let place: Navigation.Place? = .users
    var status: HTTPStatus { problems.isEmpty ? .ok : .unprocessableContent }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("dialog", ["heading": .string("Edit \(user.username)"), "back": .string(PageAddress.users(query))]),
            ("form", form.value),
            ("user", user.value(in: frame)),
            ("identifier", .string(user.id)),
            ("is_oneself", .boolean(isOneself)),
            ("actions", .list(actions.map { $0.link(query) })),
            ("backdrop", list?.backdrop(in: frame) ?? .null),
        ]
    }

    private var query: UserListQuery { list?.query ?? UserListQuery() }

    private var form: Form {
        Form(
            action: PageAddress.user(user.id, query),
            fields: [
                FormField(
                    name: "username",
                    kind: .text,
                    label: "Username",
                    autocomplete: "off",
                    value: username ?? user.username
                ),
                FormField(
                    name: "email",
                    kind: .email,
                    label: "E-mail",
                    autocomplete: "off",
                    value: email ?? user.email
                ),
                FormField(
                    name: "password",
                    kind: .password,
                    label: "New password",
                    help: "Left empty, the password stays as it is.",
                    autocomplete: "new-password",
                    isRequired: false
                ),
            ],
            boxes: [
                FormBox(
                    name: "email_verified",
                    label: "E-mail address is verified",
                    isTicked: isEmailVerified ?? user.isEmailVerified
                )
            ],
            problems: problems
        )
    }

    /// What can be done besides. Who works here can not lock the own door from outside.
    private var actions: [UserAction] {
        let role: UserAction = user.isAdmin ? .removeAdministrator(user) : .makeAdministrator(user)
        let state: UserAction = user.isActive ? .deactivate(user) : .activate(user)
        return isOneself ? [.endSessions(user)] : [role, state, .endSessions(user), .delete(user)]
    }
}
