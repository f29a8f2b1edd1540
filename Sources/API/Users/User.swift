internal import Database
internal import Linux

/// Somebody with an account. What proves it, the password's hash, is kept apart: see `Credentials`.
struct User: Equatable, Sendable {
    let id: UUID
    var username: String
    var email: String
    var isAdmin: Bool
    var isActive: Bool
    var isEmailVerified: Bool
    let createdAt: WallTime
    var updatedAt: WallTime
    var lastLoginAt: WallTime?
    /// Tokens that were issued before count no more.
    var validAfter: WallTime
}

extension User {
    /// Whether tokens of both say the same.
    func hasSameClaims(as other: User) -> Bool {
        isAdmin == other.isAdmin && username == other.username && email == other.email
    }
}

/// What a login is checked against.
struct Credentials: Sendable {
    let user: User
    let passwordHash: String
}

extension Credentials: CustomStringConvertible {
    var description: String { "credentials of \(user.id)" }
}

/// What of a user is to change; nil is left as it is.
struct UserChanges: Equatable, Sendable {
    var username: String?
    var email: String?
    var isAdmin: Bool?
    var isActive: Bool?
    var isEmailVerified: Bool?
    var passwordHash: String?
    /// Refuses every token issued before.
    var validAfter: WallTime?
}
