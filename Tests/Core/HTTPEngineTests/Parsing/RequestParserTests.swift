import Testing

@testable import HTTPEngine

@Suite struct RequestParserTests {
    struct Accepted: CustomTestStringConvertible {
        let name: String
        let bytes: String
        let requests: [RequestTranscript.Entry]
        var testDescription: String { name }
    }

    static let accepted: [Accepted] = [
        Accepted(
            name: "a request with fields",
            bytes: "GET /where?q=now HTTP/1.1\r\nHost: www.example.com\r\nAccept:  text/plain \t\r\n\r\n",
            requests: [
                .init(
                    method: "GET",
                    target: "/where?q=now",
                    fields: ["Host: www.example.com", "Accept: text/plain"],
                    isComplete: true
                )
            ]
        ),
        Accepted(
            name: "an empty line before a request",
            bytes: "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            requests: [.init(method: "GET", target: "/", fields: ["Host: a"], isComplete: true)]
        ),
        Accepted(
            name: "three requests in one stream",
            bytes: "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                + "DELETE /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            requests: [
                .init(method: "GET", target: "/1", fields: ["Host: a"], isComplete: true),
                .init(
                    method: "POST",
                    target: "/2",
                    fields: ["Host: a", "Content-Length: 5"],
                    content: [UInt8]("hello".utf8),
                    isComplete: true
                ),
                .init(method: "DELETE", target: "/3", fields: ["Host: a"], isComplete: true),
            ]
        ),
        Accepted(
            name: "chunks with extensions and trailers, and the request behind them",
            bytes: "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "4;name=value\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nExpires: never\r\n\r\n"
                + "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            requests: [
                .init(
                    method: "PUT",
                    target: "/c",
                    fields: ["Host: a", "Transfer-Encoding: Chunked"],
                    content: [UInt8]("Wikipedia in \r\n\r\nchunks.".utf8),
                    isComplete: true
                ),
                .init(method: "GET", target: "/", fields: ["Host: a"], isComplete: true),
            ]
        ),
        Accepted(
            name: "an absolute target whose authority is the Host",
            bytes: "GET http://Example.com:80/a?b HTTP/1.1\r\nHost: example.com:80\r\n\r\n",
            requests: [.init(method: "GET", target: "/a?b", fields: ["Host: example.com:80"], isComplete: true)]
        ),
        Accepted(
            name: "an HTTP/1.0 request without a Host",
            bytes: "GET / HTTP/1.0\r\n\r\n",
            requests: [.init(method: "GET", target: "/", fields: [], isComplete: true)]
        ),
        Accepted(
            name: "a target with what browsers do not encode",
            bytes: "GET /a|b?c=|\\^`{}[] HTTP/1.1\r\nHost: a\r\n\r\n",
            requests: [.init(method: "GET", target: "/a|b?c=|\\^`{}[]", fields: ["Host: a"], isComplete: true)]
        ),
        Accepted(
            name: "OPTIONS for the whole server",
            bytes: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            requests: [.init(method: "OPTIONS", target: "*", fields: ["Host: a"], isComplete: true)]
        ),
    ]

    @Test(arguments: accepted)
    func `a good stream is read the same in whatever portions it comes`(_ scenario: Accepted) {
        for portions in Portions.all(of: [UInt8](scenario.bytes.utf8)) {
            let transcript = RequestTranscript(portions)
            #expect(transcript.requests == scenario.requests)
            #expect(transcript.refusal == nil)
        }
    }

    struct Refused: CustomTestStringConvertible {
        let name: String
        let bytes: String
        var status = HTTPStatus.badRequest
        var testDescription: String { name }
    }

    /// Behind each of these stands a request that must never be seen.
    static let refused: [Refused] = [
        Refused(name: "both lengths", bytes: post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        Refused(
            name: "both lengths, the other way",
            bytes: post("Transfer-Encoding: chunked\r\nContent-Length: 0", "0\r\n\r\n")
        ),
        Refused(name: "two lengths", bytes: post("Content-Length: 5\r\nContent-Length: 6", "hello")),
        Refused(name: "two equal lengths", bytes: post("Content-Length: 5\r\nContent-Length: 5", "hello")),
        Refused(name: "a list of lengths", bytes: post("Content-Length: 5, 5", "hello")),
        Refused(name: "a length with a plus", bytes: post("Content-Length: +5", "hello")),
        Refused(name: "a negative length", bytes: post("Content-Length: -5", "hello")),
        Refused(name: "a length in hexadecimal", bytes: post("Content-Length: 0x5", "hello")),
        Refused(name: "an empty length", bytes: post("Content-Length: ", "")),
        Refused(name: "a length with a space in it", bytes: post("Content-Length: 1 0", "hellohello")),
        Refused(name: "a length that overflows", bytes: post("Content-Length: 18446744073709551621", "hello")),
        Refused(name: "a bare LF after the request line", bytes: "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        Refused(name: "a bare LF after a field", bytes: "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
        Refused(name: "a bare LF as the empty line", bytes: "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        Refused(name: "a bare CR in a value", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n"),
        Refused(name: "a bare CR in the request line", bytes: "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a CR before the CRLF", bytes: "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
        Refused(name: "a folded field", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
        Refused(name: "a folded first field", bytes: "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        Refused(name: "a space before the colon", bytes: "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        Refused(name: "a tab before the colon", bytes: post("Transfer-Encoding\t: chunked", "0\r\n\r\n")),
        Refused(name: "a field without a colon", bytes: "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"),
        Refused(name: "a field without a name", bytes: "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
        Refused(name: "a NUL in a value", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"),
        Refused(name: "a NUL in a name", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"),
        Refused(name: "no Host", bytes: "GET / HTTP/1.1\r\n\r\n"),
        Refused(name: "two Hosts", bytes: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        Refused(name: "two equal Hosts", bytes: "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"),
        Refused(name: "two Hosts in HTTP/1.0", bytes: "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
        Refused(name: "a Host with a path", bytes: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        Refused(name: "a Host with user information", bytes: "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        Refused(name: "a target for another host", bytes: "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "two empty lines first", bytes: "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a target with a space", bytes: "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a target with a fragment", bytes: "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a target with raw UTF-8", bytes: "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a target without a slash", bytes: "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a star for GET", bytes: "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "two spaces in the request line", bytes: "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a request line with three words too many", bytes: "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n"),
        Refused(name: "no version", bytes: "GET /\r\nHost: a\r\n\r\n"),
        Refused(name: "a version in lower case", bytes: "GET / http/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a method that is no token", bytes: "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "no method", bytes: " / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(name: "a later version", bytes: "GET / HTTP/2.0\r\nHost: a\r\n\r\n", status: .versionNotSupported),
        Refused(name: "an earlier version", bytes: "GET / HTTP/0.9\r\nHost: a\r\n\r\n", status: .versionNotSupported),
        Refused(name: "a tunnel", bytes: "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", status: .notImplemented),
        Refused(
            name: "an unknown coding",
            bytes: post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
            status: .notImplemented
        ),
        Refused(name: "chunked not last", bytes: post("Transfer-Encoding: chunked, gzip", "0\r\n\r\n")),
        Refused(name: "chunked as a part of another", bytes: post("Transfer-Encoding: xchunked, chunked", "0\r\n\r\n")),
        Refused(name: "chunked alone behind a comma", bytes: post("Transfer-Encoding: Chunked , chunked", "0\r\n\r\n")),
        Refused(name: "chunked twice", bytes: post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
        Refused(
            name: "two codings in two fields",
            bytes: post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")
        ),
        Refused(name: "a coding that only looks like chunked", bytes: post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
        Refused(
            name: "a coding that begins with a vertical tab",
            bytes: post("Transfer-Encoding: \u{0B}chunked", "0\r\n\r\n")
        ),
        Refused(name: "identity", bytes: post("Transfer-Encoding: identity", "")),
        Refused(name: "an empty coding", bytes: post("Transfer-Encoding: ", "0\r\n\r\n")),
        Refused(name: "chunked in HTTP/1.0", bytes: "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Refused(
            name: "an unknown expectation",
            bytes: post("Content-Length: 5\r\nExpect: wonders", "hello"),
            status: .expectationFailed
        ),
    ]

    static func post(_ fields: String, _ content: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(content)"
    }

    static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: refused)
    func `a malformed head is refused the same in whatever portions it comes`(_ scenario: Refused) {
        for portions in Portions.all(of: [UInt8]((scenario.bytes + RequestParserTests.smuggled).utf8)) {
            let transcript = RequestTranscript(portions)
            #expect(transcript.refusal?.status == scenario.status)
            #expect(transcript.requests.isEmpty)
        }
    }

    @Test func `a field holds as many combining marks as text has, and bytes that are no text`() {
        func status(_ value: [UInt8]) -> HTTPStatus? {
            let head = [UInt8]("GET / HTTP/1.1\r\nHost: a\r\nX-Name: a".utf8) + value + [UInt8]("\r\n\r\n".utf8)
            return RequestTranscript([head]).refusal?.status
        }
        let mark: [UInt8] = [0xCC, 0x81]
        #expect(status([UInt8](repeatElement(mark, count: 30).joined())) == nil)
        #expect(status([UInt8](repeatElement(mark, count: 31).joined())) == .badRequest)
        #expect(status([0xFF] + [UInt8](repeatElement(mark, count: 31).joined())) == .badRequest)
        #expect(status([UInt8](repeating: 0xE9, count: 100)) == nil, "Latin-1")
        #expect(status([UInt8](repeating: 0xCC, count: 100)) == nil, "the first halves of marks")
    }

    static let malformedChunks: [Refused] = [
        ("no size", "\r\nhello\r\n0\r\n\r\n"), ("a size that is no number", "g\r\nhello\r\n0\r\n\r\n"),
        ("a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"), ("a negative size", "-5\r\nhello\r\n0\r\n\r\n"),
        ("a size with a plus", "+5\r\nhello\r\n0\r\n\r\n"), ("a space before the size", " 5\r\nhello\r\n0\r\n\r\n"),
        ("a space after the size", "5 \r\nhello\r\n0\r\n\r\n"),
        ("an underscore in the size", "1_0\r\nhello\r\n0\r\n\r\n"),
        ("a size that overflows", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        ("a bare LF after the size", "5\nhello\r\n0\r\n\r\n"), ("a bare CR after the size", "5\rhello\r\n0\r\n\r\n"),
        ("a chunk longer than its size", "4\r\nhello\r\n0\r\n\r\n"),
        ("a chunk that ends in a bare LF", "5\r\nhello\n0\r\n\r\n"),
        ("a chunk that ends in two bytes of its own", "5\r\nhelloXX0\r\n\r\n"),
        ("a bare LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        ("a NUL in an extension", "5;a\0b\r\nhello\r\n0\r\n\r\n"),
        ("a bare LF after the last chunk", "5\r\nhello\r\n0\n\r\n"),
        ("a trailer without a name", "5\r\nhello\r\n0\r\n: x\r\n\r\n"),
        ("a trailer with a space before the colon", "5\r\nhello\r\n0\r\nA : x\r\n\r\n"),
        ("a trailer that ends in a bare LF", "5\r\nhello\r\n0\r\nA: x\n\r\n"),
        ("a folded trailer", "5\r\nhello\r\n0\r\nA: x\r\n y\r\n\r\n"),
    ].map { Refused(name: $0.0, bytes: post("Transfer-Encoding: chunked", $0.1)) }

    @Test(arguments: malformedChunks)
    func `malformed chunks are refused the same in whatever portions they come`(_ scenario: Refused) {
        for portions in Portions.all(of: [UInt8]((scenario.bytes + RequestParserTests.smuggled).utf8)) {
            let transcript = RequestTranscript(portions)
            #expect(transcript.refusal?.status == .badRequest)
            #expect(transcript.requests.count == 1)
            #expect(transcript.requests.first?.isComplete == false)
        }
    }

    @Test func `content that was malformed once never ends well`() {
        var decoder = HTTPBodyDecoder(.chunked, limits: HTTPHeadLimits())
        for bytes in ["x\r\n", "0\r\n\r\n"] {
            let result = Result { try decoder.consume([UInt8](bytes.utf8).span) }
            #expect(throws: HTTPParseError.self) { try result.get() }
            #expect(!decoder.hasEnded)
        }
        let mayEnd = decoder.finish()
        #expect(!mayEnd)
    }

    @Test func `every limit holds at its last byte and refuses the next`() {
        let limits = HTTPHeadLimits(startLine: 40, fieldCount: 3, total: 120)
        func status(_ text: String) -> HTTPStatus? {
            RequestTranscript([[UInt8](text.utf8)], limits: limits).refusal?.status
        }
        let path = String(repeating: "a", count: 40 - "GET / HTTP/1.1".count)
        #expect(status("GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n") == nil)
        #expect(status("GET /\(path)a HTTP/1.1\r\nHost: a\r\n\r\n") == .uriTooLong)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nb: c\r\nd: e\r\n\r\n") == nil)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nb: c\r\nd: e\r\nf: g\r\n\r\n") == .headerFieldsTooLarge)
        let head = "GET / HTTP/1.1\r\nHost: a\r\nb: \r\n\r\n"
        let value = String(repeating: "v", count: 120 - head.utf8.count)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nb: \(value)\r\n\r\n") == nil)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nb: \(value)v\r\n\r\n") == .headerFieldsTooLarge)
    }

    @Test func `trailers have as much room as a head, and not a byte more`() {
        let limits = HTTPHeadLimits(total: 100)
        func refusal(_ count: Int) -> HTTPStatus? {
            // The very last byte is not counted: it can not be the one too many.
            let trailer = "T: " + String(repeating: "v", count: count - 6) + "\r\n\r\n"
            let text = RequestParserTests.post("Transfer-Encoding: chunked", "0\r\n" + trailer)
            let transcript = RequestTranscript([[UInt8](text.utf8)], limits: limits)
            #expect(transcript.requests.count == 1)
            return transcript.refusal?.status
        }
        #expect(refusal(100) == nil)
        #expect(refusal(101) == .badRequest)
    }

    @Test func `a line without an end is refused as soon as it is too long`() {
        let endless = [UInt8](repeating: UInt8(ascii: "a"), count: 9_000)
        #expect(RequestTranscript([endless]).refusal?.status == .uriTooLong)
        #expect(RequestTranscript(endless.map { [$0] }).refusal?.status == .uriTooLong)
    }

    @Test func `no byte in any place of a request makes two portions disagree`() {
        let sample = [UInt8](
            "PUT /a?b HTTP/1.1\r\nHost: a:1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nhi\r\n0\r\nT: v\r\n\r\n".utf8
        )
        for place in sample.indices {
            for byte in UInt8.min...UInt8.max {
                var altered = sample
                altered[place] = byte
                let whole = RequestTranscript([altered])
                let single = RequestTranscript(altered.map { [$0] })
                if whole != single { Issue.record("byte \(byte) at \(place): \(whole) but \(single)") }
            }
        }
    }
}
