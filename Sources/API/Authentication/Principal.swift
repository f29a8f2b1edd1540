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

/// Who does something to an account, as the audit names them.
struct Actor: Equatable, Sendable {
    /// Nil for whoever runs the programs.
    let user: UUID?
    let name: String

    /// By a command, or at the start of the program.
    static let `operator` = Actor(user: nil, name: "operator")
}
