internal import HTTPEngine
internal import Mustache

/// `/login`.
struct SignInView: PageView {
    static let template = "sign-in"

    /// A username or an e-mail address, as it was typed.
    var username = ""
    var remembers = true
    /// Where to go then.
    var next: String?
    var problems = FormProblems.none

    let title = "Sign in"
    var status: HTTPStatus { problems.isEmpty ? .ok : .unprocessableContent }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        let form = Form(
            action: PageAddress.signIn,
            fields: [
                FormField(
                    name: "username",
                    kind: .text,
                    label: "Username or e-mail",
                    autocomplete: "username",
                    value: username,
                    isFirst: username.isEmpty
                ),
                FormField(
                    name: "password",
                    kind: .password,
                    label: "Password",
                    autocomplete: "current-password",
                    isFirst: !username.isEmpty
                ),
            ],
            boxes: [FormBox(name: "remember", label: "Keep me signed in", isTicked: remembers)],
            hidden: next.map { [("next", $0)] } ?? [],
            problems: problems
        )
        return [("form", form.value), ("sign_up", .string(PageAddress.signUp(next: next)))]
    }
}
