/// Reads request heads, one after another. A value without I/O: it answers what it consumed, that it needs more, or that
/// what came is malformed.
struct HTTPRequestParser: Sendable {
    struct Head: Sendable {
        var method: HTTPMethod
        var target: String
        var version: HTTPVersion
        var fields: HTTPFields
        var framing: HTTPFraming
    }

    enum Outcome {
        case incomplete
        case complete(Head)
    }

    private var parser: HTTPHeadParser<HTTPRequestLine>

    init(limits: HTTPHeadLimits = HTTPHeadLimits()) {
        parser = HTTPHeadParser(limits: limits, ignoresEmptyLine: true)
    }

    /// Whether a part of a head has been consumed.
    var hasBegun: Bool { parser.hasBegun }

    mutating func consume(_ input: Span<UInt8>) throws(HTTPParseError) -> (count: Int, outcome: Outcome) {
        let (count, outcome) = try parser.consume(input)
        switch outcome {
        case .incomplete:
            return (count, .incomplete)
        case .complete(let line, let fields):
            let framing = try HTTPFraming(request: line, fields)
            let head = Head(
                method: line.method,
                target: line.target,
                version: line.version,
                fields: fields,
                framing: framing
            )
            return (count, .complete(head))
        }
    }

    /// Gives back the memory of a head that has been dealt with.
    mutating func reuse(_ spent: consuming HTTPFields) { parser.reuse(spent) }
}
