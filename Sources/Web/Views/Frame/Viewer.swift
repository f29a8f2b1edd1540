internal import Mustache

/// Who looks at the page.
struct Viewer: Equatable, Sendable {
    let username: String
    let isAdmin: Bool

    var value: MustacheValue { ["username": .string(username), "is_admin": .boolean(isAdmin)] }
}
