internal import Database

/// Who does something to an account, as the audit names them.
struct Actor: Equatable, Sendable {
    /// Nil for whoever runs the programs.
    let user: UUID?
    let name: String

    /// By a command, or at the start of the program.
    static let `operator` = Actor(user: nil, name: "operator")
}
