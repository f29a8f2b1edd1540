internal import Database

/// What a message tells of the unique index that was violated.
///
/// The name is what a repository knows a constraint by. SQLite tells it for an index on expressions, and the columns
/// for any other, whose index is then looked up. So a schema declares what is unique by `CREATE UNIQUE INDEX name`: a
/// UNIQUE inside CREATE TABLE has no name of its own in SQLite, even where one was written. For such a one the answer
/// is what Postgres would have called it, `table_column_key`, and `table_pkey` for a primary key.
///
/// Looked up anew at every violation, some 20 microseconds: a cache would have to know when the schema changes.
enum ViolatedIndex {
    case name(String)
    case columns([String], table: String)

    init?(message: String) {
        guard let subject = message.rest(behind: "UNIQUE constraint failed: ") else { return nil }
        if subject.hasPrefix("index '"), subject.hasSuffix("'") {
            self = .name(String(subject.dropFirst("index '".count).dropLast()))
            return
        }
        let names = subject.split(separator: ",").map { ColumnName(String($0.drop { $0 == " " })) }
        guard let first = names.first, let table = first?.table else { return nil }
        let columns = names.compactMap { $0?.column }
        guard columns.count == names.count else { return nil }
        self = .columns(columns, table: table)
    }

    /// The error with the constraint and table; nil when that can not be found out.
    func name(
        _ error: DatabaseError,
        query: (SQL) throws(DatabaseError) -> QueryResult?
    ) -> DatabaseError? {
        do throws(DatabaseError) {
            switch self {
            case .name(let name):
                guard error.constraint == nil else { return nil }
                let tables = try query("SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = \(name)")
                var row = tables?.first?.reader
                return violation(constraint: name, table: try row?.next(), error)
            case .columns(let columns, let table):
                guard error.constraint == nil else { return nil }
                return violation(constraint: try index(on: columns, of: table, query), table: table, error)
            }
        } catch {
            return nil
        }
    }

    private func violation(constraint: String?, table: String?, _ error: DatabaseError) -> DatabaseError {
        DatabaseError(
            .uniqueViolation,
            constraint: constraint,
            table: table,
            column: error.column,
            message: error.message
        )
    }

    /// Nil when several have the same columns: which of two partial indexes it was is not known.
    private func index(
        on columns: [String],
        of table: String,
        _ query: (SQL) throws(DatabaseError) -> QueryResult?
    ) throws(DatabaseError) -> String? {
        var matches: [(name: String, isNamed: Bool)] = []
        let indexes = try query("SELECT name, origin FROM pragma_index_list(\(table)) WHERE \"unique\"")
        for row in indexes ?? QueryResult(columns: [], values: [], changedCount: 0) {
            var reader = row.reader
            let (name, origin): (String, String) = (try reader.next(), try reader.next())
            var indexed: [String?] = []
            let rows = try query("SELECT name FROM pragma_index_info(\(name)) ORDER BY seqno")
            for row in rows ?? QueryResult(columns: [], values: [], changedCount: 0) {
                var reader = row.reader
                indexed.append(try reader.nextIfPresent())
            }
            if indexed == columns { matches.append((name, isNamed: origin == "c")) }
        }
        guard matches.count == 1 else { return nil }
        return matches[0].isNamed ? matches[0].name : "\(table)_\(columns.joined(separator: "_"))_key"
    }
}
