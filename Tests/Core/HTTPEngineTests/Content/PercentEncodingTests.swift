import HTTPEngine
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("a%20b", "a b"), ("%2f%2F", "//"), ("caf%C3%A9", "café"), ("%25%32%35", "%25"),
        ("a+b", "a+b"), ("%F0%9F%94%91", "🔑"),
    ])
    func `encoded text is decoded once`(encoded: String, text: String) throws {
        #expect(try PercentEncoding.decode(encoded) == text)
    }

    @Test func `a plus is a space only where that is asked for`() throws {
        #expect(try PercentEncoding.decode("a+b%2Bc", plusIsSpace: true) == "a b+c")
        #expect(try PercentEncoding.decode("a+b%2Bc") == "a+b+c")
    }

    @Test(arguments: ["%", "%4", "%zz", "%4g", "a%", "%%41", "% 41", "%+1", "%u0041"])
    func `a percent sign needs two hexadecimal digits`(encoded: String) {
        #expect(throws: PercentEncodingError.malformed) { try PercentEncoding.decode(encoded) }
        #expect(throws: PercentEncodingError.malformed) { try PercentEncoding.decodeBytes(encoded) }
    }

    @Test(arguments: [
        ("%00", [0x00]), ("a%00b", [0x61, 0x00, 0x62]), ("%FF", [0xFF]), ("%C3", [0xC3]), ("%C0%AF", [0xC0, 0xAF]),
        ("%E0%80%AF", [0xE0, 0x80, 0xAF]), ("%ED%A0%80", [0xED, 0xA0, 0x80]), ("%C3%28", [0xC3, 0x28]),
        ("%F4%90%80%80", [0xF4, 0x90, 0x80, 0x80]),
    ])
    func `bytes that are not text are refused as text and given as bytes`(encoded: String, bytes: [UInt8]) throws {
        #expect(throws: PercentEncodingError.notText) { try PercentEncoding.decode(encoded) }
        #expect(try PercentEncoding.decodeBytes(encoded) == bytes)
    }

    @Test func `more combining marks than text has are no text`() throws {
        let mark = "%CC%81"
        #expect(try PercentEncoding.decode("a" + String(repeating: mark, count: 30)).utf8.count == 61)
        #expect(throws: PercentEncodingError.notText) {
            try PercentEncoding.decode("a" + String(repeating: mark, count: 31))
        }
    }

    @Test func `a path segment keeps what RFC 3986 allows in one and nothing that would end it`() {
        #expect(PercentEncoding.encodePathSegment("a/b?c#d e%") == "a%2Fb%3Fc%23d%20e%25")
        #expect(PercentEncoding.encodePathSegment("a-b._~!$&'()*+,;=:@Z9") == "a-b._~!$&'()*+,;=:@Z9")
        #expect(PercentEncoding.encodePathSegment("é") == "%C3%A9")
    }

    @Test func `a query component keeps the unreserved characters only`() {
        #expect(PercentEncoding.encodeQueryComponent("a-b._~Z9") == "a-b._~Z9")
        #expect(PercentEncoding.encodeQueryComponent("a&b=c+d e/?") == "a%26b%3Dc%2Bd%20e%2F%3F")
    }

    @Test func `every character survives both encodings`() throws {
        let text = String(String.UnicodeScalarView((1...0x17F).compactMap { Unicode.Scalar($0) })) + "\u{10FFFF}🔑"
        #expect(try PercentEncoding.decode(PercentEncoding.encodePathSegment(text)) == text)
        #expect(try PercentEncoding.decode(PercentEncoding.encodeQueryComponent(text), plusIsSpace: true) == text)
    }

    @Test func `hostile input is decoded to text without NUL or refused`() {
        forEachHostileVariant(of: "a%2Fb%C3%A9+%7E") { input in
            guard let text = try? PercentEncoding.decode(input) else { return }
            if text.utf8.contains(0) { Issue.record("NUL got through in \(input)") }
            if text.utf8.count > input.utf8.count { Issue.record("\(input) grew") }
        }
    }
}
