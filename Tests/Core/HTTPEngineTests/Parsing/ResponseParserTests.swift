import Testing

@testable import HTTPEngine

@Suite struct ResponseParserTests {
    struct Answer: Equatable {
        var status: Int
        var content: [UInt8] = []
        var isPersistent: Bool
        var isComplete: Bool
    }

    /// What a client would make of a stream of bytes that ends with the connection.
    static func read(_ portions: [[UInt8]], to method: HTTPMethod = .get) throws(HTTPParseError) -> Answer? {
        var parser = HTTPResponseParser()
        var answer: Answer?
        var decoder: HTTPBodyDecoder?
        for portion in portions {
            var rest = portion[...]
            while !rest.isEmpty, answer?.isComplete != true {
                let bytes = Array(rest)
                if var current = decoder {
                    let (count, event) = try current.consume(bytes.span)
                    if case .content(let range) = event { answer?.content += bytes[range] }
                    answer?.isComplete = current.hasEnded
                    decoder = current
                    rest = rest.dropFirst(count)
                } else {
                    let (count, outcome) = try parser.consume(bytes.span, answering: method)
                    rest = rest.dropFirst(count)
                    guard case .complete(let head) = outcome, head.status.code >= 200 else { continue }
                    let next = HTTPBodyDecoder(head.framing.content, limits: HTTPHeadLimits())
                    answer = Answer(
                        status: head.status.code,
                        isPersistent: head.framing.isPersistent,
                        isComplete: next.hasEnded
                    )
                    decoder = next
                }
            }
        }
        if var current = decoder, current.finish() { answer?.isComplete = true }
        return answer
    }

    static let accepted: [(String, HTTPMethod, Answer)] = [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", .get,
            Answer(status: 200, content: [104, 105], isPersistent: true, isComplete: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", .head,
            Answer(status: 200, isPersistent: true, isComplete: true)
        ),
        ("HTTP/1.1 204 \r\n\r\n", .get, Answer(status: 204, isPersistent: true, isComplete: true)),
        ("HTTP/1.1 304\r\nContent-Length: 9\r\n\r\n", .get, Answer(status: 304, isPersistent: true, isComplete: true)),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", .post,
            Answer(status: 201, isPersistent: true, isComplete: true)
        ),
        (
            "HTTP/1.1 200 OK\r\n\r\nall of it", .get,
            Answer(status: 200, content: [UInt8]("all of it".utf8), isPersistent: false, isComplete: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n", .get,
            Answer(status: 200, content: [104, 105], isPersistent: false, isComplete: true)
        ),
        (
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", .get,
            Answer(status: 200, content: [104, 105], isPersistent: false, isComplete: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", .get,
            Answer(status: 200, content: [104, 105], isPersistent: true, isComplete: false)
        ),
    ]

    @Test(arguments: accepted)
    func `an answer is read the same in whatever portions it comes`(
        _ text: String,
        _ method: HTTPMethod,
        _ expected: Answer
    ) throws {
        for portions in Portions.all(of: [UInt8](text.utf8)) {
            #expect(try ResponseParserTests.read(portions, to: method) == expected)
        }
    }

    static let refused = [
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 099 No\r\n\r\n",
        "HTTP/1.1 600 No\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 O\0K\r\n\r\n", "HTTP/1.1 200 OK\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\na", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
    ]

    @Test(arguments: refused)
    func `a malformed answer is refused in whatever portions it comes`(_ text: String) {
        for portions in Portions.all(of: [UInt8](text.utf8)) {
            #expect(throws: HTTPParseError.self) { try ResponseParserTests.read(portions) }
        }
    }
}
