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
