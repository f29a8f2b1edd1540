internal import Database

/// Who makes a request, by an access token that was checked and not revoked.
struct Principal: Equatable, Sendable {
    let user: UUID
    let session: UUID
    let username: String
    let email: String
    let isAdmin: Bool

    var actor: Actor { Actor(user: user, name: username) }
}
