/// The first line of a response (RFC 9112 §4).
struct HTTPStatusLine: HTTPStartLine {
    var version: HTTPVersion
    var status: HTTPStatus

    static var tooLong: HTTPParseError { .badRequest("the status line is too long") }

    init(parsing line: Span<UInt8>) throws(HTTPParseError) {
        guard line.count >= 12, line[8] == ASCII.space else { throw .badRequest("the status line is malformed") }
        version = try HTTPVersion(parsing: line.extracting(..<8))
        var code = 0
        for index in 9..<12 {
            guard ASCII.isDigit(line[index]) else { throw .badRequest("the status code is malformed") }
            code = code * 10 + Int(line[index] - UInt8(ascii: "0"))
        }
        // The reason phrase may be empty; some servers leave out the space before it as well.
        guard (100...599).contains(code), line.count == 12 || line[12] == ASCII.space else {
            throw .badRequest("the status code is malformed")
        }
        for index in 12..<line.count where !ASCII.isFieldValue(line[index]) {
            throw .badRequest("the reason phrase holds a control character")
        }
        status = HTTPStatus(code: code)
    }
}
