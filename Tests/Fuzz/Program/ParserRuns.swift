@testable import HTTPEngine

/// What a server makes of a stream of bytes.
struct RequestRun: Equatable {
    private var events: [String] = []
    private var content: [UInt8] = []
    private var refusal: HTTPParseError?

    init(_ portions: [[UInt8]]) {
        let limits = HTTPHeadLimits(startLine: 300, fieldCount: 20, total: 2_000)
        var parser = HTTPRequestParser(limits: limits)
        var decoder = HTTPBodyDecoder(.none, limits: limits)
        do throws(HTTPParseError) {
            for portion in portions {
                var position = 0
                while position < portion.count {
                    let rest = portion.span.extracting(position...)
                    if !decoder.hasEnded {
                        let (count, event) = try decoder.consume(rest)
                        if case .content(let range) = event { content.append(copying: rest.extracting(range)) }
                        position += count
                        continue
                    }
                    let (count, outcome) = try parser.consume(rest)
                    position += count
                    guard case .complete(let head) = outcome else { continue }
                    events.append("\(head.method) \(head.target) \(head.fields.pairs) \(head.framing)")
                    decoder = HTTPBodyDecoder(head.framing.content, limits: limits)
                    parser.reuse(head.fields)
                }
            }
        } catch {
            refusal = error
        }
    }
}

/// What a client makes of a stream of bytes that ends with its connection.
struct ResponseRun: Equatable {
    private var events: [String] = []
    private var content: [UInt8] = []
    private var refusal: HTTPParseError?
    private var isWhole = false

    init(_ portions: [[UInt8]], to method: HTTPMethod) {
        let limits = HTTPHeadLimits()
        var parser = HTTPResponseParser(limits: limits)
        var decoder = HTTPBodyDecoder(.none, limits: limits)
        do throws(HTTPParseError) {
            for portion in portions {
                var position = 0
                while position < portion.count {
                    let rest = portion.span.extracting(position...)
                    if !decoder.hasEnded {
                        let (count, event) = try decoder.consume(rest)
                        if case .content(let range) = event { content.append(copying: rest.extracting(range)) }
                        position += count
                        continue
                    }
                    let (count, outcome) = try parser.consume(rest, answering: method)
                    position += count
                    guard case .complete(let head) = outcome else { continue }
                    events.append("\(head.status.code) \(head.fields.pairs) \(head.framing)")
                    precondition(method != .head || head.framing.content == .none, "an answer to HEAD with content")
                    decoder = HTTPBodyDecoder(head.framing.content, limits: limits)
                }
            }
            isWhole = decoder.finish()
        } catch {
            refusal = error
        }
    }
}

/// What chunks hold.
struct ContentRun: Equatable {
    private var content: [UInt8] = []
    private var left: [UInt8] = []
    private var refusal: HTTPParseError?

    init(_ portions: [[UInt8]]) {
        var decoder = HTTPBodyDecoder(.chunked, limits: HTTPHeadLimits(total: 200))
        do throws(HTTPParseError) {
            for portion in portions {
                var position = 0
                while position < portion.count {
                    let rest = portion.span.extracting(position...)
                    if decoder.hasEnded {
                        left.append(copying: rest)
                        break
                    }
                    let (count, event) = try decoder.consume(rest)
                    if case .content(let range) = event { content.append(copying: rest.extracting(range)) }
                    position += count
                }
            }
        } catch {
            refusal = error
        }
    }
}
