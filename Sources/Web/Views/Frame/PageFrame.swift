internal import Linux
internal import Mustache

/// What stands around every page, and what every page needs to know of its request.
struct PageFrame: Sendable {
    /// Nil: nobody is signed in.
    var viewer: Viewer?
    /// Goes into every form. Empty where a page is shown without a session: then there is nothing to post.
    var csrfToken: String
    var flash: Flash?
    var requestID: String
    /// What "3 minutes ago" counts from.
    var now: WallTime
    /// Whether people may make accounts of their own.
    var offersSignUp = true

    func members(title: String, place: Navigation.Place?, assets: Assets) -> [(String, MustacheValue)] {
        [
            ("title", .string(title)),
            ("stylesheet", .string(assets.stylesheet)),
            ("mark", .string(assets.mark)),
            ("csrf_token", .string(csrfToken)),
            ("request_id", .string(requestID)),
            ("flash", flash?.value ?? .null),
            ("viewer", viewer?.value ?? .null),
            ("navigation", viewer.map { Navigation(of: $0, at: place).value } ?? .null),
            ("offers_sign_up", .boolean(offersSignUp)),
        ]
    }
}
