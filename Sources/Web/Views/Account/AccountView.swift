internal import Contract
internal import HTTPEngine
internal import Mustache

/// `/account`, `/account/password` and `/account/sessions`: one page with three sections, of which one was asked for.
struct AccountView: PageView {
    static let template = "account"

    enum Section: Sendable {
        case profile
        case password
        case sessions
    }

    let section: Section
    let user: UserBody
    /// Nil: they could not be found out.
    let sessions: [SessionBody]?
    /// Which part of them is shown; the nearest one there is.
    var sessionPage = 1
    /// As they were typed, when they were refused.
    var username: String?
    var email: String?
    /// With the section that was asked for.
    var problems = FormProblems.none

    var title: String {
        switch section {
        case .profile: "Account"
        case .password: "Password"
        case .sessions: "Where you are signed in"
        }
    }
    let place: Navigation.Place? = .account
    var status: HTTPStatus { problems.isEmpty ? .ok : .unprocessableContent }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("profile", profile.value),
            ("password", password.value),
            ("sessions", sessions.map { list($0, frame) } ?? .null),
            ("end_all", .string(PageAddress.endAllSessions)),
            ("username", .string(user.username)),
            ("created", frame.words(for: user.createdAt)),
        ]
    }

    /// Somebody may be signed in at a hundred places.
    private static let sessionsPerPage = 10

    /// This device comes first, wherever it would stand.
    private func list(_ sessions: [SessionBody], _ frame: PageFrame) -> MustacheValue {
        let ordered = sessions.filter(\.isCurrent) + sessions.filter { !$0.isCurrent }
        let size = AccountView.sessionsPerPage
        let page = min(max(sessionPage, 1), max((ordered.count + size - 1) / size, 1))
        let shown = ordered.dropFirst((page - 1) * size).prefix(size)
        let links = PageLinks(page: page, size: size, total: ordered.count, shown: shown.count)
        return [
            "items": .list(shown.map { $0.value(in: frame) }),
            "pages": ordered.count > size ? links.value { PageAddress.sessions(page: $0) } : .null,
        ]
    }

    private func problems(of section: Section) -> FormProblems { section == self.section ? problems : .none }

    private var profile: Form {
        Form(
            action: PageAddress.account,
            fields: [
                FormField(
                    name: "username",
                    kind: .text,
                    label: "Username",
                    autocomplete: "username",
                    value: username ?? user.username
                ),
                FormField(
                    name: "email",
                    kind: .email,
                    label: "E-mail",
                    autocomplete: "email",
                    value: email ?? user.email
                ),
            ],
            problems: problems(of: .profile)
        )
    }

    private var password: Form {
        Form(
            action: PageAddress.password,
            fields: [
                FormField(
                    name: "current_password",
                    kind: .password,
                    label: "Current password",
                    autocomplete: "current-password",
                    isFirst: section == .password && problems.isEmpty
                ),
                FormField(
                    name: "new_password",
                    kind: .password,
                    label: "New password",
                    help: "You stay signed in here. Everywhere else you are signed out.",
                    autocomplete: "new-password"
                ),
            ],
            problems: problems(of: .password)
        )
    }
}
