internal import Database
internal import Linux

/// Somebody is signed in somewhere.
struct Session: Equatable, Sendable {
    let id: UUID
    let user: UUID
    /// How many times its refresh token was exchanged.
    var counter: Int
    let createdAt: WallTime
    var lastUsedAt: WallTime
    var expiresAt: WallTime
    var revokedAt: WallTime?
    let address: String
    let userAgent: String
}
