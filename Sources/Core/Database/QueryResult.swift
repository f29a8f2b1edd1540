/// What a statement answered: rows of values, and how many rows it changed.
public struct QueryResult: Sendable {
    /// Names of the columns, in order.
    public let columns: [String]
    private let values: [DatabaseValue]
    /// Rows inserted, updated or deleted; 0 for a SELECT.
    public let changedCount: Int

    /// `values` holds row after row, each as wide as there are columns.
    public init(columns: [String], values: [DatabaseValue], changedCount: Int) {
        precondition(columns.isEmpty ? values.isEmpty : values.count % columns.count == 0, "rows of unequal width")
        self.columns = columns
        self.values = values
        self.changedCount = changedCount
    }
}

extension QueryResult: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { columns.isEmpty ? 0 : values.count / columns.count }

    public subscript(row: Int) -> Row {
        let start = row * columns.count
        return Row(columns: columns, values: values[start..<start + columns.count])
    }
}

/// One row. Columns are read in the order of the SELECT, by a reader that knows their types:
///
///     var row = result[0].reader
///     let user = User(id: try row.next(), username: try row.next(), lastLogin: try row.nextIfPresent())
public struct Row: Sendable {
    fileprivate let columns: [String]
    fileprivate let values: ArraySlice<DatabaseValue>

    public var reader: RowReader { RowReader(self) }
}

public struct RowReader {
    private let row: Row
    private var position: Int

    fileprivate init(_ row: Row) {
        self.row = row
        position = row.values.startIndex
    }

    /// The next column, which may not be NULL.
    public mutating func next<Value: DatabaseConvertible>(as type: Value.Type = Value.self) throws(DatabaseError)
        -> Value
    {
        guard let value: Value = try nextIfPresent() else { throw mismatch(Value.self) }
        return value
    }

    /// The next column; nil for NULL.
    public mutating func nextIfPresent<Value: DatabaseConvertible>(
        as type: Value.Type = Value.self
    ) throws(DatabaseError) -> Value? {
        precondition(position < row.values.endIndex, "a row has fewer columns than are read of it")
        let value = row.values[position]
        defer { position += 1 }
        if case .null = value { return nil }
        guard let converted = Value(databaseValue: value) else { throw mismatch(Value.self) }
        return converted
    }

    private func mismatch(_ type: any DatabaseConvertible.Type) -> DatabaseError {
        let column = row.columns[Swift.min(position - row.values.startIndex, row.columns.count - 1)]
        return DatabaseError(.unexpectedResult, message: "column \(column) does not hold a \(type)")
    }
}
