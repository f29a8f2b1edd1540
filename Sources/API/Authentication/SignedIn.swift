/// What somebody gets who has signed in, or has come back with a refresh token.
struct SignedIn: Sendable {
    let accessToken: String
    let refreshToken: String
    /// In seconds.
    let expiresIn: Int
    /// By which this device is known at its next login; nil when it did not log in just now.
    var deviceToken: String?
    let user: User
}

/// How somebody says who they are: by a username or an e-mail address, which is told by its @. No username has one.
struct LoginName: Equatable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    var isEmail: Bool { text.utf8.contains(UInt8(ascii: "@")) }
}
