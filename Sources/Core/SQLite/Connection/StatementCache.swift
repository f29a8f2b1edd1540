/// Prepared statements by their text; the one that was not used for longest makes room for a new one.
struct StatementCache {
    private struct Entry {
        let statement: SQLiteStatement
        var lastUse: Int
    }

    private var entries: [String: Entry] = [:]
    private var uses = 0
    private let limit: Int

    init(limit: Int) {
        precondition(limit > 0, "a cache needs room for a statement")
        self.limit = limit
    }

    var count: Int { entries.count }

    mutating func statement(for text: String) -> SQLiteStatement? {
        uses += 1
        return updateUse(&entries[text])
    }

    private func updateUse(_ entry: inout Entry?) -> SQLiteStatement? {
        entry?.lastUse = uses
        return entry?.statement
    }

    /// A program has fewer statements than the cache has room for, so the search for the oldest is seldom made.
    mutating func insert(_ statement: SQLiteStatement, for text: String) {
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
        }
        entries[text] = Entry(statement: statement, lastUse: uses)
    }

    mutating func removeAll() { entries.removeAll() }
}
