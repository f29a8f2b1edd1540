internal import Text

/// How the content of a message is delimited (RFC 9112 §6.3), and what else its head says to the engine.
struct HTTPFraming: Equatable, Sendable {
    enum Content: Equatable, Sendable {
        case none
        case length(Int)
        case chunked
        /// Until the connection ends. Responses only.
        case untilClose
    }

    var content = Content.none
    var isPersistent = true
    var expectsContinue = false

    /// Framing of a request.
    init(request line: HTTPRequestLine, _ fields: HTTPFields) throws(HTTPParseError) {
        let facts = try Facts(fields)
        isPersistent = facts.isPersistent(line.version)
        try HTTPFraming.checkHost(line, facts, fields)
        content = try HTTPFraming.content(facts, line.version) ?? .none
        if let expectation = facts.expectation {
            guard expectation.utf8Span.span.equalsIgnoringCase("100-continue") else {
                throw HTTPParseError(status: .expectationFailed, reason: "the expectation is not supported")
            }
            // RFC 9110 §10.1.1: an HTTP/1.0 client can not mean it.
            expectsContinue = line.version == .http11 && content != .none && content != .length(0)
        }
    }

    /// Framing of a response to a request of `method`.
    init(response line: HTTPStatusLine, to method: HTTPMethod, _ fields: HTTPFields) throws(HTTPParseError) {
        let facts = try Facts(fields)
        isPersistent = facts.isPersistent(line.version)
        let declared = try HTTPFraming.content(facts, line.version)
        if method == .head || line.status.forbidsContent {
            content = .none
        } else if let declared {
            content = declared
        } else {
            content = .untilClose
            isPersistent = false
        }
    }

    /// Anything that could be understood in two ways is refused: a proxy in front may have understood the other one.
    private static func content(_ facts: Facts, _ version: HTTPVersion) throws(HTTPParseError) -> Content? {
        guard let coding = facts.transferEncoding else { return facts.contentLength.map { .length($0) } }
        guard facts.contentLength == nil else {
            throw .badRequest("both Content-Length and Transfer-Encoding are given")
        }
        guard version == .http11 else { throw .badRequest("Transfer-Encoding is not part of HTTP/1.0") }
        if coding.utf8Span.span.equalsIgnoringCase("chunked") { return .chunked }
        // A list that ends in chunked is framed well and merely not understood; anything else has no known end.
        let codings = coding.split(at: UInt8(ascii: ",")).map { $0.trimmingWhitespace.asciiLowercased }
        guard codings.count > 1, codings.last == "chunked",
            !codings.dropLast().contains(where: { $0.containsBytes(of: "chunked") })
        else { throw .badRequest("the transfer coding does not say where the message ends") }
        throw HTTPParseError(status: .notImplemented, reason: "the transfer coding is not supported")
    }

    /// RFC 9112 §3.2: exactly one Host in HTTP/1.1, with a value that can be one; and the same one that an absolute
    /// target names.
    private static func checkHost(
        _ line: HTTPRequestLine,
        _ facts: Facts,
        _ fields: HTTPFields
    ) throws(HTTPParseError) {
        guard facts.hostCount <= 1 else { throw .badRequest("more than one Host is given") }
        guard let host = facts.host else {
            if line.version == .http11 { throw .badRequest("no Host is given") }
            return
        }
        for byte in host.utf8 where !isHostCharacter(byte) { throw .badRequest("the Host is malformed") }
        if let authority = line.authority, authority.lowercased() != host.lowercased() || authority.isEmpty {
            throw .badRequest("the request target and Host name different hosts")
        }
    }

    /// reg-name, IP-literal and port of RFC 3986 §3.2.2, without user information.
    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"),
            UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "!"), UInt8(ascii: "$"),
            UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
            UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
            true
        default:
            false
        }
    }
}

/// The fields the engine reads itself, found in one pass.
private struct Facts {
    var contentLength: Int?
    var transferEncoding: String?
    var host: String?
    var hostCount = 0
    var expectation: String?
    var closes = false
    var keepsAlive = false

    init(_ fields: HTTPFields) throws(HTTPParseError) {
        for entry in fields.entries {
            // The length of the name rules out nearly all of them.
            switch entry.nameLength {
            case 4 where fields.matches(entry, .host):
                hostCount += 1
                host = fields.text(entry)
            case 6 where fields.matches(entry, .expect):
                guard expectation == nil else { throw .badRequest("more than one Expect is given") }
                expectation = fields.text(entry)
            case 10 where fields.matches(entry, .connection):
                readConnection(fields.text(entry))
            case 14 where fields.matches(entry, .contentLength):
                guard contentLength == nil else { throw .badRequest("more than one Content-Length is given") }
                contentLength = try Facts.length(fields.valueBytes(entry))
            case 17 where fields.matches(entry, .transferEncoding):
                guard transferEncoding == nil else { throw .badRequest("more than one Transfer-Encoding is given") }
                transferEncoding = fields.text(entry)
            default:
                continue
            }
        }
    }

    /// Digits and nothing else: no sign, no list of equal numbers, nothing that overflows.
    private static func length(_ value: ArraySlice<UInt8>) throws(HTTPParseError) -> Int {
        guard !value.isEmpty, value.count <= 18 else { throw .badRequest("the Content-Length is malformed") }
        var length = 0
        for byte in value {
            guard ASCII.isDigit(byte) else { throw .badRequest("the Content-Length is malformed") }
            length = length * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return length
    }

    private mutating func readConnection(_ value: String) {
        for option in value.split(separator: ",") {
            let name = option.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }.lowercased()
            if name == "close" { closes = true }
            if name == "keep-alive" { keepsAlive = true }
        }
    }

    func isPersistent(_ version: HTTPVersion) -> Bool {
        if closes { return false }
        return version == .http11 || keepsAlive
    }
}
