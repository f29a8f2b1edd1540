/// A statement that the server keeps prepared on one connection.
final class PreparedStatement {
    struct Key: Hashable {
        let text: String
        /// The same text with other types is another statement: what the server infers may differ.
        let types: [UInt32]
    }

    let key: Key
    let name: String
    /// Known after the first answer.
    var layout: ColumnLayout?
    fileprivate var lastUse = 0

    init(key: Key, name: String) {
        self.key = key
        self.name = name
    }
}

/// The statements prepared on one connection, those that were used last.
struct PreparedStatementCache {
    private let limit: Int
    private var statements: [PreparedStatement.Key: PreparedStatement] = [:]
    private var useCount = 0
    private var nameCount = 0
    /// Names that the server may forget.
    private(set) var discarded: [String] = []

    init(limit: Int) {
        precondition(limit > 0, "a statement needs a place to be prepared in")
        self.limit = limit
    }

    var count: Int { statements.count }

    /// The statement, and whether it has yet to be prepared. Names are never used twice, so that a forgotten one can not
    /// be mistaken for its successor.
    mutating func statement(for key: PreparedStatement.Key) -> (statement: PreparedStatement, isNew: Bool) {
        useCount += 1
        if let known = statements[key] {
            known.lastUse = useCount
            return (known, false)
        }
        if statements.count >= limit, let oldest = statements.values.min(by: { $0.lastUse < $1.lastUse }) {
            statements[oldest.key] = nil
            discarded.append(oldest.name)
        }
        nameCount += 1
        let statement = PreparedStatement(key: key, name: "s\(nameCount)")
        statement.lastUse = useCount
        statements[key] = statement
        return (statement, true)
    }

    /// The server does not have it, or not in this form.
    mutating func forget(_ statement: PreparedStatement, isOnServer: Bool) {
        guard statements[statement.key] === statement else { return }
        statements[statement.key] = nil
        if isOnServer { discarded.append(statement.name) }
    }

    mutating func takeDiscarded() -> [String] {
        defer { discarded.removeAll() }
        return discarded
    }

    /// The server still has it.
    mutating func discard(_ name: String) { discarded.append(name) }
}
