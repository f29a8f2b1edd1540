/// The first line of a request (RFC 9112 §3).
struct HTTPRequestLine: HTTPStartLine {
    var method: HTTPMethod
    var target: String
    var version: HTTPVersion
    /// The authority of an absolute-form target, which must be what Host says.
    var authority: String?

    static var tooLong: HTTPParseError {
        HTTPParseError(status: .uriTooLong, reason: "the request line is too long")
    }

    init(parsing line: Span<UInt8>) throws(HTTPParseError) {
        guard let methodEnd = line.firstIndex(of: ASCII.space) else {
            throw .badRequest("the request line is malformed")
        }
        method = try HTTPRequestLine.method(line.extracting(..<methodEnd))
        let rest = line.extracting((methodEnd + 1)...)
        guard let targetEnd = rest.firstIndex(of: ASCII.space) else {
            throw .badRequest("the request line is malformed")
        }
        version = try HTTPVersion(parsing: rest.extracting((targetEnd + 1)...))
        (target, authority) = try HTTPRequestLine.target(rest.extracting(..<targetEnd), method: method)
    }

    private static func method(_ name: Span<UInt8>) throws(HTTPParseError) -> HTTPMethod {
        if name.equals("GET") { return .get }
        if name.equals("POST") { return .post }
        guard name.count <= 32, let method = HTTPMethod(name.text) else { throw .badRequest("the method is malformed") }
        // RFC 9110 §9.3.6: CONNECT asks for a tunnel, which a service that is no proxy does not open.
        if method == .other("CONNECT") {
            throw HTTPParseError(status: .notImplemented, reason: "CONNECT is not supported")
        }
        return method
    }

    /// origin-form, absolute-form or asterisk-form (RFC 9112 §3.2). A fragment is never sent.
    private static func target(
        _ bytes: Span<UInt8>,
        method: HTTPMethod
    ) throws(HTTPParseError) -> (target: String, authority: String?) {
        guard bytes.count > 0 else { throw .badRequest("the request target is empty") }
        for index in bytes.indices where !ASCII.isVisible(bytes[index]) || bytes[index] == UInt8(ascii: "#") {
            throw .badRequest("the request target holds a character that must be encoded")
        }
        if bytes[0] == UInt8(ascii: "/") { return (bytes.text, nil) }
        if bytes.equals("*") {
            guard method == .options else { throw .badRequest("only OPTIONS may ask for *") }
            return ("*", nil)
        }
        for scheme in ["http://", "https://"] as [StaticString] {
            let length = scheme.utf8CodeUnitCount
            guard bytes.count > length, bytes.extracting(..<length).equalsIgnoringCase(scheme) else { continue }
            let rest = bytes.extracting(length...)
            var end = 0
            while end < rest.count, rest[end] != UInt8(ascii: "/"), rest[end] != UInt8(ascii: "?") { end += 1 }
            let authority = rest.extracting(..<end).text
            let path = rest.extracting(end...).text
            return (path.hasPrefix("/") ? path : "/" + path, authority)
        }
        throw .badRequest("the request target is malformed")
    }
}

extension HTTPVersion {
    /// `HTTP/1.1` or `HTTP/1.0`. RFC 9112 §2.3: the name is case-sensitive.
    init(parsing bytes: Span<UInt8>) throws(HTTPParseError) {
        if bytes.equals("HTTP/1.1") {
            self = .http11
        } else if bytes.equals("HTTP/1.0") {
            self = .http10
        } else if bytes.count == 8, bytes.extracting(..<5).equals("HTTP/"), ASCII.isDigit(bytes[5]),
            bytes[6] == UInt8(ascii: "."), ASCII.isDigit(bytes[7])
        {
            throw HTTPParseError(status: .versionNotSupported, reason: "the protocol version is not supported")
        } else {
            throw .badRequest("the protocol version is malformed")
        }
    }
}
