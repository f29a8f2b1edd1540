internal import Contract
internal import HTTPEngine
internal import Mustache

/// `/admin/users/{id}`: a dialog over the list, and a page of its own.
struct UserEditView: PageView {
    static let template = "user-edit"

    let id: String
    /// Nil: it could not be found out.
    let user: UserBody?
    /// Whether it is the account of who looks at it.
    let isOneself: Bool
    /// As they were typed, when they were refused.
    var username: String?
    var email: String?
    var isEmailVerified: Bool?
    var problems = FormProblems.none
    /// The list that one came from, and goes back to; and how it looks, where that is known.
    var listQuery = UserListQuery()
    var list: UsersView?

    var title: String { user?.username ?? "Edit user" }
    let place: Navigation.Place? = .users
    var status: HTTPStatus { problems.isEmpty ? .ok : .unprocessableContent }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("dialog", ["heading": .string(heading), "back": .string(PageAddress.users(listQuery))]),
            ("form", form.value),
            ("user", user?.value(in: frame) ?? .null),
            ("identifier", .string(id)),
            ("is_oneself", .boolean(isOneself)),
            ("password", .string(PageAddress.password + "#password")),
            ("actions", .list(actions.map { $0.link(listQuery) })),
            ("backdrop", list?.backdrop(in: frame) ?? .null),
        ]
    }

    private var heading: String { user.map { "Edit \($0.username)" } ?? title }

    private var form: Form {
        Form(
            action: PageAddress.user(id, listQuery),
            fields: [
                FormField(
                    name: "username",
                    kind: .text,
                    label: "Username",
                    autocomplete: "off",
                    value: username ?? user?.username ?? ""
                ),
                FormField(
                    name: "email",
                    kind: .email,
                    label: "E-mail",
                    autocomplete: "off",
                    value: email ?? user?.email ?? ""
                ),
            ] + (isOneself ? [] : [password]),
            boxes: [
                FormBox(
                    name: "email_verified",
                    label: "E-mail address is verified",
                    isTicked: isEmailVerified ?? user?.isEmailVerified ?? false
                )
            ],
            problems: problems
        )
    }

    /// Not for oneself: it would end every session of the user, the one that asks too.
    private var password: FormField {
        FormField(
            name: "password",
            kind: .password,
            label: "New password",
            help: "Left empty, the password stays as it is.",
            autocomplete: "new-password",
            isRequired: false
        )
    }

    /// What can be done besides. Who works here can not lock the own door from outside.
    private var actions: [UserAction] {
        guard let user else { return [] }
        let role: UserAction = user.isAdmin ? .removeAdministrator(user) : .makeAdministrator(user)
        let state: UserAction = user.isActive ? .deactivate(user) : .activate(user)
        return isOneself ? [.endSessions(user)] : [role, state, .endSessions(user), .delete(user)]
    }
}
