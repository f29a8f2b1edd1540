internal import Contract
internal import Mustache

/// `/` for somebody who is signed in.
struct DashboardView: PageView {
    static let template = "dashboard"

    let user: UserBody
    /// Nil: it could not be found out.
    var sessions: [SessionBody]?

    let title = "Home"
    let place: Navigation.Place? = .home

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("user", user.value(in: frame)),
            ("sessions", sessions.map { .string(CountInWords.count($0.count, "device", "devices")) } ?? .null),
        ]
    }
}
