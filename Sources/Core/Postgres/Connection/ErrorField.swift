internal import CPostgres

/// A field of an error or a notice. The letters are those of the protocol; Swift does not see libpq's names for them
/// (PG_DIAG_SQLSTATE and so on), since they are macros of character constants.
enum ErrorField: Unicode.Scalar {
    /// Never translated, unlike `S`.
    case severity = "V"
    case sqlState = "C"
    case message = "M"
    case table = "t"
    case column = "c"
    case constraint = "n"
    /// In the text of the statement, in characters from 1 on.
    case position = "P"
    /// The function of the server that reported it.
    case routine = "R"

    /// PQresultErrorField.
    func text(in result: OpaquePointer) -> String? {
        PQresultErrorField(result, CInt(rawValue.value)).map { String(cString: $0) }
    }
}
