@testable import HTTPEngine

/// What a server would make of a stream of bytes: every request with its content, and how the stream ended. Made with
/// the parsers alone, so that it can be made over and over from the same bytes in other portions.
struct RequestTranscript: Equatable {
    struct Entry: Equatable {
        var method: String
        var target: String
        var fields: [String]
        var content: [UInt8] = []
        var isComplete = false
    }

    var requests: [Entry] = []
    var refusal: HTTPParseError?
    private let limits: HTTPHeadLimits

    init(_ portions: [[UInt8]], limits: HTTPHeadLimits = HTTPHeadLimits()) {
        self.limits = limits
        var parser = HTTPRequestParser(limits: limits)
        var decoder: HTTPBodyDecoder?
        do throws(HTTPParseError) {
            for portion in portions {
                var rest = portion[...]
                while !rest.isEmpty {
                    rest = rest.dropFirst(try consume(Array(rest), &parser, &decoder))
                }
            }
        } catch {
            refusal = error
        }
    }

    private mutating func consume(
        _ bytes: [UInt8],
        _ parser: inout HTTPRequestParser,
        _ decoder: inout HTTPBodyDecoder?
    ) throws(HTTPParseError) -> Int {
        if var current = decoder {
            let (count, event) = try current.consume(bytes.span)
            if case .content(let range) = event { requests[requests.count - 1].content += bytes[range] }
            if current.hasEnded || event == .end {
                requests[requests.count - 1].isComplete = true
                decoder = nil
            } else {
                decoder = current
            }
            return count
        }
        let (count, outcome) = try parser.consume(bytes.span)
        guard case .complete(let head) = outcome else { return count }
        let next = HTTPBodyDecoder(head.framing.content, limits: limits)
        let fields = head.fields.pairs.map { "\($0.name): \($0.value)" }
        requests.append(Entry(method: head.method.name, target: head.target, fields: fields, isComplete: next.hasEnded))
        decoder = next.hasEnded ? nil : next
        parser.reuse(head.fields)
        return count
    }
}
