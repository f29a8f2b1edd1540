internal import Mustache

/// Where somebody can go from every page.
struct Navigation {
    enum Place: Sendable {
        case home
        case account
        case hello
        case overview
        case users
        case audit
    }

    private let viewer: Viewer
    private let current: Place?

    init(of viewer: Viewer, at current: Place?) {
        self.viewer = viewer
        self.current = current
    }

    var value: MustacheValue {
        [
            "personal": .list([
                link(.home, PageAddress.home, "Home"),
                link(.account, PageAddress.account, "Account"),
                link(.hello, PageAddress.hello, "Hello"),
            ]),
            "administration": viewer.isAdmin
                ? [
                    "links": .list([
                        link(.overview, PageAddress.overview, "Overview"),
                        link(.users, PageAddress.users, "Users"),
                        link(.audit, PageAddress.audit, "Audit"),
                    ])
                ] : .null,
        ]
    }

    private func link(_ place: Place, _ address: String, _ words: String) -> MustacheValue {
        ["address": .string(address), "words": .string(words), "is_current": .boolean(place == current)]
    }
}
