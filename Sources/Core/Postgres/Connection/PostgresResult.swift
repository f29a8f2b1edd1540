internal import CPostgres
internal import Database

/// A PGresult. Owns it.
struct PostgresResult: ~Copyable {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    enum Status {
        /// A command ended without rows, or with some.
        case complete
        case synchronised
        /// A command before it, up to the last sync, failed.
        case skipped
        case failed
        /// COPY and such, which nothing here asks for.
        case unexpected
    }

    /// PQresultStatus.
    var status: Status {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: .complete
        case PGRES_PIPELINE_SYNC: .synchronised
        case PGRES_PIPELINE_ABORTED: .skipped
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: .failed
        default: .unexpected
        }
    }

    /// The fields of the error, each field that is looked at.
    var failure: ServerFailure {
        let severity = ErrorField.severity.text(in: result)
        return ServerFailure(
            sqlState: ErrorField.sqlState.text(in: result),
            isFatal: severity == "FATAL" || severity == "PANIC",
            routine: ErrorField.routine.text(in: result),
            constraint: ErrorField.constraint.text(in: result),
            table: ErrorField.table.text(in: result),
            column: ErrorField.column.text(in: result),
            position: ErrorField.position.text(in: result).flatMap { Int($0) },
            message: ErrorField.message.text(in: result) ?? String(cString: PQresultErrorMessage(result))
        )
    }

    /// PQcmdStatus: `COMMIT`, `INSERT 0 1`, …
    var commandTag: String { String(cString: PQcmdStatus(result)) }

    /// The rows. `layout` is kept with the prepared statement: its columns can not change, the server would refuse.
    func rows(layout: inout ColumnLayout?) throws(DatabaseError) -> QueryResult {
        let width = Int(PQnfields(result))
        guard width > 0 else { return QueryResult(columns: [], values: [], changedCount: changedCount) }
        let known = layout ?? readLayout(width: width)
        layout = known
        guard known.kinds.count == width else {
            throw DatabaseError(.unexpectedResult, message: "a prepared statement changed its columns")
        }
        let height = Int(PQntuples(result))
        var values: [DatabaseValue] = []
        values.reserveCapacity(width * height)
        for row in 0..<CInt(height) {
            for column in 0..<width {
                values.append(try value(row, CInt(column), known))
            }
        }
        return QueryResult(columns: known.names, values: values, changedCount: changedCount)
    }

    private func value(_ row: CInt, _ column: CInt, _ layout: ColumnLayout) throws(DatabaseError) -> DatabaseValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column),
            count: Int(PQgetlength(result, row, column))
        )
        if let value = layout.kinds[Int(column)].decode(bytes) { return value }
        // The type is named, not the value.
        let type = PQftype(result, column)
        throw DatabaseError(
            .unexpectedResult,
            column: layout.names[Int(column)],
            message: "a value of type \(type) that this driver does not read: let the statement cast it"
        )
    }

    private func readLayout(width: Int) -> ColumnLayout {
        let columns = 0..<CInt(width)
        return ColumnLayout(
            names: columns.map { PQfname(result, $0).map { String(cString: $0) } ?? "" },
            kinds: columns.map { ColumnKind(type: PQftype(result, $0)) }
        )
    }

    /// PQcmdTuples, which also counts the rows of a SELECT.
    private var changedCount: Int {
        guard let tag = PQcmdStatus(result) else { return 0 }
        // INSERT, UPDATE, DELETE, MERGE. Others that begin alike have no count.
        switch UInt8(bitPattern: tag.pointee) {
        case UInt8(ascii: "I"), UInt8(ascii: "U"), UInt8(ascii: "D"), UInt8(ascii: "M"):
            return Int(String(cString: PQcmdTuples(result))) ?? 0
        default: return 0
        }
    }
}

/// The columns that a statement answers.
struct ColumnLayout {
    let names: [String]
    let kinds: [ColumnKind]
}
