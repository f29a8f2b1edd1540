import Contract
import Database

/// The people of one scenario. Their names are like nobody else's in the same database.
struct Cast: Sendable {
    enum Role: String, CaseIterable, Sendable {
        /// An administrator.
        case root
        case ann
        case bob
        /// Not active.
        case idle
        /// Was deleted, and may still have an access token.
        case gone
    }

    struct Person: Sendable {
        let id: UUID
        let username: String
        let email: String
        let password: String
        /// Of the session that scenarios speak of when they say nothing else.
        var tokens: Tokens?
        /// Of a second session of the same user.
        var otherTokens: Tokens?
    }

    struct Tokens: Sendable {
        let access: String
        let refresh: String
        let session: UUID
    }

    let number: Int
    var people: [Role: Person] = [:]

    /// A name that only this scenario has.
    func name(_ text: String) -> String { "\(text)-\(number)" }
    func email(_ text: String) -> String { "\(text)-\(number)@example.com" }

    static let password = "Seven quiet lamps at 12 noon"

    subscript(role: Role) -> Person {
        guard let person = people[role] else { preconditionFailure("everybody was made before") }
        return person
    }

    /// Everything that nobody may read in a log or in the audit.
    var secrets: [String] {
        people.values.flatMap { person in
            [person.password]
                + [person.tokens, person.otherTokens].compactMap(\.self).flatMap { [$0.access, $0.refresh] }
        }
    }

    func role(of id: UUID) -> String { people.first { $0.value.id == id }?.key.rawValue ?? "new" }
}
