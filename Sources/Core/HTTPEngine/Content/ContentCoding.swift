/// Content codings, such as gzip, and whether a client takes one (RFC 9110 §12.5.3).
enum ContentCoding {
    static let acceptEncoding = HTTPFieldName("Accept-Encoding")
    static let contentEncoding = HTTPFieldName("Content-Encoding")

    /// Whether the coding is named with a weight above zero, or a `*` is and the coding is not named. A client that
    /// sends no field may take anything by the standard; one that does not ask gets none here.
    static func isAccepted(_ coding: String, in fields: HTTPFields) -> Bool {
        var byWildcard = false
        for element in fields.list(acceptEncoding) {
            var reader = FieldReader(element)
            guard let name = reader.token()?.asciiLowercased else { continue }
            let isAcceptable = hasWeight(&reader)
            if name == coding { return isAcceptable }
            if name == "*" { byWildcard = isAcceptable }
        }
        return byWildcard
    }

    /// `;q=0.5` of RFC 9110 §12.4.2: no weight is one, and what is not a weight is none.
    private static func hasWeight(_ reader: inout FieldReader) -> Bool {
        reader.skipWhitespace()
        if reader.isAtEnd { return true }
        guard reader.skip(";") else { return false }
        reader.skipWhitespace()
        guard reader.skip("q=") || reader.skip("Q=") else { return false }
        let digits = reader.text { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
        return reader.isAtEnd && (Double(digits) ?? 0) > 0
    }
}
