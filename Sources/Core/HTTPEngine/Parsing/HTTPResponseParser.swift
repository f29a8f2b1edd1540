/// Reads response heads, one after another. A value without I/O.
struct HTTPResponseParser: Sendable {
    struct Head: Sendable {
        var status: HTTPStatus
        var fields: HTTPFields
        var framing: HTTPFraming
    }

    enum Outcome {
        case incomplete
        case complete(Head)
    }

    private var parser: HTTPHeadParser<HTTPStatusLine>

    init(limits: HTTPHeadLimits = HTTPHeadLimits()) {
        parser = HTTPHeadParser(limits: limits, ignoresEmptyLine: false)
    }

    /// `method` is the one of the request that is being answered: it decides whether content follows.
    mutating func consume(
        _ input: Span<UInt8>,
        answering method: HTTPMethod
    ) throws(HTTPParseError) -> (count: Int, outcome: Outcome) {
        let (count, outcome) = try parser.consume(input)
        switch outcome {
        case .incomplete:
            return (count, .incomplete)
        case .complete(let line, let fields):
            let framing = try HTTPFraming(response: line, to: method, fields)
            return (count, .complete(Head(status: line.status, fields: fields, framing: framing)))
        }
    }
}
