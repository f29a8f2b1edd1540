import Database
import Linux

@testable import API

/// A database with very many users, each with a session and an audit entry, and one of them to ask about.
struct Population: Sendable {
    let count: Int
    let start = WallTime(seconds: 1_700_000_000)

    /// Long after the last of them.
    var now: WallTime { start + .seconds(count + 1_000_000) }
    var user: UUID { Population.user(777) }
    var session: UUID { Population.session(777) }
    var username: String { Population.name(777) }
    var email: String { Population.name(777) + "@example.com" }

    private static func user(_ number: Int) -> UUID { identifier(0x0190_0000_0000_7000, number) }
    private static func session(_ number: Int) -> UUID { identifier(0x0190_0000_0001_7000, number) }

    private static func identifier(_ high: UInt64, _ number: Int) -> UUID {
        UUID(high: high, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    private static func name(_ number: Int) -> String {
        let digits = String(number)
        return "Person-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Rows of one statement, statements of one transaction.
    private static let (rowCount, statementCount) = (250, 40)

    /// One in ten is inactive and one in ten has logged out, one in a thousand is an administrator, and one in three has never
    /// signed in.
    func fill(_ database: any Database) async throws {
        var rest = Array(stride(from: 1, through: count, by: Population.rowCount))[...]
        while !rest.isEmpty {
            let starts = rest.prefix(Population.statementCount)
            rest = rest.dropFirst(starts.count)
            try await database.transaction { executor in
                for first in starts {
                    let numbers = Array(first...min(first + Population.rowCount - 1, count))
                    for statement in statements(numbers) { _ = try await executor.query(statement) }
                }
            }
        }
        // Both know then how much of what there is.
        _ = try await database.query("ANALYZE")
    }

    private func statements(_ numbers: [Int]) -> [SQL] {
        func rows(_ numbers: [Int], _ row: (Int, WallTime) -> SQL) -> SQL {
            SQL.joined(numbers.map { row($0, start + .seconds($0)) }, by: ", ")
        }
        let none: WallTime? = nil
        let users = rows(numbers) { number, time in
            let name = Population.name(number)
            return """
                (\(Population.user(number)), \(name), \(name + "@example.com"), \("hash"), \(number % 1_000 == 0),
                \(number % 10 != 1), \(time), \(time), \(number % 3 == 0 ? nil : time), \(time), \(time))
                """
        }
        let sessions = rows(numbers) { number, time in
            let isOver = number % 10 == 0
            return """
                (\(Population.session(number)), \(Population.user(number)), \(time), \(time),
                \(time + .seconds(500_000_000)), \(isOver ? time : none), \(isOver ? "logout" : nil))
                """
        }
        let revocations = rows(numbers.filter { $0 % 10 == 0 }) { number, time in
            "(\("session"), \(Population.session(number)), \(time), \(time + .seconds(500_000_000)))"
        }
        let audit = rows(numbers) { number, time in
            """
            (\(Population.identifier(0x0190_0000_0002_7000, number)), \(time), \(Population.user(number)),
            \(number % 10 == 0 ? "logout" : "login"), \(true))
            """
        }
        return [
            """
            INSERT INTO users (id, username, email, password_hash, is_admin, is_active, created_at, updated_at,
                last_login_at, password_changed_at, valid_after) VALUES \(users)
            """,
            """
            INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, revoked_at, revoke_reason)
            VALUES \(sessions)
            """,
            "INSERT INTO revocations (kind, subject, valid_after, expires_at) VALUES \(revocations)",
            "INSERT INTO audit (id, at, actor_id, action, is_success) VALUES \(audit)",
        ]
    }
}
