import Database
import Linux

/// All rows that a request could change, as they were at one moment.
struct Snapshot {
    enum Table: String, CaseIterable {
        case users
        case sessions
        case revocations
        case audit
    }

    /// A row by the names of its columns.
    typealias Row = [String: DatabaseValue]

    private let rows: [Table: [String: Row]]

    init(of database: any Database) async throws {
        var rows: [Table: [String: Row]] = [:]
        for table in Table.allCases { rows[table] = try await Snapshot.rows(of: table, database) }
        self.rows = rows
    }

    subscript(table: Table) -> [Row] { (rows[table] ?? [:]).values.map { $0 } }

    private static func rows(of table: Table, _ database: any Database) async throws -> [String: Row] {
        let result = try await database.query(statement(table))
        var rows: [String: Row] = [:]
        for found in result {
            var reader = found.reader
            var row: Row = [:]
            for column in result.columns { row[column] = try reader.nextIfPresent(as: AnyColumn.self)?.databaseValue }
            rows[key(of: row, table)] = row
        }
        return rows
    }

    private static func statement(_ table: Table) -> SQL {
        switch table {
        case .users: "SELECT * FROM users"
        case .sessions: "SELECT * FROM sessions"
        case .revocations: "SELECT * FROM revocations"
        case .audit: "SELECT * FROM audit"
        }
    }

    private static func key(of row: Row, _ table: Table) -> String {
        table == .revocations ? row.text("kind") + row.text("subject") : row.text("id")
    }

    private struct AnyColumn: DatabaseConvertible {
        let databaseValue: DatabaseValue
        init?(databaseValue: DatabaseValue) { self.databaseValue = databaseValue }
    }
}

extension Snapshot.Row {
    func text(_ column: String) -> String {
        switch self[column] {
        case .text(let text): text
        case .uuid(let id): id.description
        case .bytes(let bytes): UUID(bytes: bytes)?.description ?? "\(bytes)"
        case .integer(let number): "\(number)"
        case .boolean(let isTrue): isTrue ? "1" : "0"
        case .time(let time): "\(time.microseconds)"
        case .real(let number): "\(number)"
        case .null, nil: ""
        }
    }

    func id(_ column: String) -> UUID? { UUID(text(column)) }
}

// MARK: - What happened between two of them

extension Snapshot {
    /// Every difference in words, such as `changes user ann: email, updated_at`, in the order of the alphabet.
    func changes(since old: Snapshot, _ cast: Cast) -> [String] {
        Table.allCases.flatMap { table -> [String] in
            let (before, after) = (old.rows[table] ?? [:], rows[table] ?? [:])
            return Set(before.keys).union(after.keys).compactMap { key in
                before[key] == after[key] ? nil : words(table, before[key], after[key], old, cast)
            }
        }.sorted()
    }

    private func words(_ table: Table, _ before: Row?, _ after: Row?, _ old: Snapshot, _ cast: Cast) -> String {
        guard let row = after ?? before else { return "" }
        let columns = Set(row.keys).filter { before?[$0] != after?[$0] }.union(
            Set((before ?? [:]).keys).subtracting((after ?? [:]).keys)
        )
        let verb = before == nil ? "adds" : after == nil ? "removes" : "changes"
        let what = verb == "changes" ? ": " + columns.sorted().joined(separator: ", ") : ""
        switch table {
        case .users: return "\(verb) user \(row.id("id").map(cast.role) ?? "")\(what)"
        case .sessions:
            let owner = row.id("user_id").map(cast.role) ?? ""
            if verb == "changes", columns.contains("revoke_reason") {
                return "ends a session of \(owner): \(row.text("revoke_reason"))"
            }
            return "\(verb) a session of \(owner)\(what)"
        case .revocations:
            guard verb != "removes" else { return "forgets a revocation" }
            let subject = row.text("subject")
            guard row.text("kind") == "session" else {
                return "refuses older tokens of \(row.id("subject").map(cast.role) ?? "")"
            }
            let session = rows[.sessions]?[subject] ?? old.rows[.sessions]?[subject]
            return "refuses tokens of a session of \(session?.id("user_id").map(cast.role) ?? "")"
        case .audit: return verb == "adds" ? Snapshot.words(of: row, cast) : "\(verb) the audit"
        }
    }

    private static func words(of entry: Row, _ cast: Cast) -> String {
        let outcome = entry.text("is_success") == "1" ? "" : " failed"
        let actor = entry.id("actor_id").map(cast.role) ?? "nobody"
        return "audits \(entry.text("action"))\(outcome) by \(actor)"
    }
}
