internal import Linux

/// What the pages of one loop work with.
struct WebParts {
    let api: APIClient
    let sessions: Sessions
    let pages: Pages
    let formOrigin: FormOrigin
    let cookies: CookieSettings
    let offersSignUp: Bool
    let now: @Sendable () -> WallTime
}
