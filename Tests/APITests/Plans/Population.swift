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

    /// The number in digits of base 100, a byte each: that is something both databases can make.
    private static func identifier(_ high: UInt64, _ number: Int) -> UUID {
        let digits = [1_000_000, 10_000, 100, 1].reduce(UInt64(0)) { $0 << 8 | UInt64(number / $1 % 100) }
        return UUID(high: high, low: 0x8000_0000_0000_0000 | digits)
    }

    private static func name(_ number: Int) -> String {
        let digits = String(number)
        return "Person-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Rows of one statement: few enough for its time limit.
    private static let rowCount = 10_000

    /// One in ten is inactive and one in ten has logged out, one in a thousand is an administrator, and one in three has never
    /// signed in. The database makes the rows itself, which takes it a minute for a million users.
    func fill(_ database: any Database) async throws {
        let maker = RowMaker(dialect: database.dialect, start: start)
        for first in stride(from: 1, through: count, by: Population.rowCount) {
            let numbers = first...min(first + Population.rowCount - 1, count)
            for statement in statements(maker, numbers) { _ = try await database.query(statement) }
        }
        // Both know then how much of what there is.
        _ = try await database.query("ANALYZE")
    }

    private func statements(_ maker: RowMaker, _ numbers: ClosedRange<Int>) -> [SQL] {
        let numbers: SQL = """
            WITH RECURSIVE numbers (n) AS (
                SELECT CAST(\(numbers.lowerBound) AS bigint) UNION ALL SELECT n + 1 FROM numbers
                WHERE n < \(numbers.upperBound)
            )
            """
        let name: SQL = """
            'Person-' || CASE WHEN n < 1000000 THEN substr(CAST(1000000 + n AS text), 2) ELSE CAST(n AS text) END
            """
        let (time, end) = (maker.time(after: "n"), maker.time(after: "n + 500000000"))
        let (user, session) = (maker.identifier("0190000000007000"), maker.identifier("0190000000017000"))
        return [
            """
            INSERT INTO users (id, username, email, password_hash, is_admin, is_active, created_at, updated_at,
                last_login_at, password_changed_at, valid_after)
            \(numbers) SELECT \(user), \(name), \(name) || '@example.com', 'hash', n % 1000 = 0, n % 10 <> 1, \(time),
                \(time), CASE WHEN n % 3 <> 0 THEN \(time) END, \(time), \(time) FROM numbers
            """,
            """
            INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, revoked_at, revoke_reason)
            \(numbers) SELECT \(session), \(user), \(time), \(time), \(end), CASE WHEN n % 10 = 0 THEN \(time) END,
                CASE WHEN n % 10 = 0 THEN 'logout' END FROM numbers
            """,
            """
            INSERT INTO revocations (kind, subject, valid_after, expires_at)
            \(numbers) SELECT 'session', \(session), \(time), \(end) FROM numbers WHERE n % 10 = 0
            """,
            """
            INSERT INTO audit (id, at, actor_id, action, is_success)
            \(numbers) SELECT \(maker.identifier("0190000000027000")), \(time), \(user),
                CASE WHEN n % 10 = 0 THEN 'logout' ELSE 'login' END, 1 = 1 FROM numbers
            """,
        ]
    }
}

/// What a number becomes in a row, in the words of each database.
private struct RowMaker {
    let dialect: DatabaseDialect
    let start: WallTime

    /// So many seconds after the start.
    func time(after seconds: SQL) -> SQL {
        switch dialect {
        case .postgres: "\(start) + (\(seconds)) * interval '1 second'"
        case .sqlite: "\(start) + (\(seconds)) * 1000000"
        }
    }

    /// As `Population` has it: eight bytes, four that say little, and the number.
    func identifier(_ high: StaticString) -> SQL {
        let places: [SQL] = ["n / 1000000", "n / 10000 % 100", "n / 100 % 100", "n % 100"]
        switch dialect {
        case .postgres:
            let digits = places.map { place -> SQL in "lpad(to_hex(\(place)), 2, '0')" }
            return "CAST('\(literal: high)80000000' || \(SQL.joined(digits, by: " || ")) AS uuid)"
        case .sqlite:
            let characters = SQL.joined(places, by: ", ")
            return "CAST(CAST(x'\(literal: high)80000000' AS text) || char(\(characters)) AS blob)"
        }
    }
}
