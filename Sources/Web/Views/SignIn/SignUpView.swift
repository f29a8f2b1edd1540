internal import HTTPEngine
internal import Mustache

/// `/signup`.
struct SignUpView: PageView {
    static let template = "sign-up"

    var username = ""
    var email = ""
    /// Where to go then.
    var next: String?
    var problems = FormProblems.none

    let title = "Sign up"
    var status: HTTPStatus { problems.isEmpty ? .ok : .unprocessableContent }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        let form = Form(
            action: PageAddress.signUp,
            fields: [
                FormField(
                    name: "username",
                    kind: .text,
                    label: "Username",
                    autocomplete: "username",
                    value: username,
                    isFirst: problems.isEmpty
                ),
                FormField(name: "email", kind: .email, label: "E-mail", autocomplete: "email", value: email),
                FormField(
                    name: "password",
                    kind: .password,
                    label: "Password",
                    help: "Long beats complicated: a few unrelated words are good.",
                    autocomplete: "new-password"
                ),
            ],
            hidden: next.map { [("next", $0)] } ?? [],
            problems: problems
        )
        return [("form", form.value), ("sign_in", .string(PageAddress.signIn(next: next)))]
    }
}
