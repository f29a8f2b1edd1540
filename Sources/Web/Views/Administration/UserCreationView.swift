internal import Contract
internal import HTTPEngine
internal import Mustache

/// `/admin/users/new`: a dialog over the list, and a page of its own.
struct UserCreationView: PageView {
    static let template = "user-creation"

    var username = ""
    var email = ""
    var isAdmin = false
    var isEmailVerified = false
    var problems = FormProblems.none
    /// The list that one came from, and goes back to; and how it looks, where that is known.
    var listQuery = UserListQuery()
    var list: UsersView?

    let title = "Create user"
    let place: Navigation.Place? = .users
    var status: HTTPStatus { problems.isEmpty ? .ok : .unprocessableContent }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("dialog", ["heading": .string(title), "back": .string(PageAddress.users(listQuery))]),
            ("form", form.value),
            ("backdrop", list?.backdrop(in: frame) ?? .null),
        ]
    }

    private var form: Form {
        Form(
            action: PageAddress.newUser(listQuery),
            fields: [
                FormField(
                    name: "username",
                    kind: .text,
                    label: "Username",
                    autocomplete: "off",
                    value: username,
                    isFirst: problems.isEmpty
                ),
                FormField(name: "email", kind: .email, label: "E-mail", autocomplete: "off", value: email),
                FormField(
                    name: "password",
                    kind: .password,
                    label: "Password",
                    help: "Hand it over in person; the user can change it under Account.",
                    autocomplete: "new-password"
                ),
            ],
            boxes: [
                FormBox(
                    name: "is_admin",
                    label: "Administrator",
                    help: "May see and change every account.",
                    isTicked: isAdmin
                ),
                FormBox(
                    name: "email_verified",
                    label: "E-mail address is verified",
                    isTicked: isEmailVerified
                ),
            ],
            problems: problems
        )
    }
}
