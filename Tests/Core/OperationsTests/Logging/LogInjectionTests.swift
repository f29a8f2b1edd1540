import Linux
import Operations
import Testing

private func line(_ format: LogFormat, _ body: (Logger) -> Void) -> String {
    let sink = CollectingLogSink()
    body(Logger(format: format, sink: sink, now: { WallTime(seconds: 0) }))
    #expect(sink.lines.count == 1)
    return sink.lines.first ?? ""
}

/// A value, then how it must look in a line of either format after `k=` or `"k":`.
private let values: [(value: String, text: String, json: String)] = [
    ("plain", "plain", #""plain""#),
    ("/a/b?c-d_e.f,g;h:i", "/a/b?c-d_e.f,g;h:i", #""/a/b?c-d_e.f,g;h:i""#),
    ("", #""""#, #""""#),
    ("two words", #""two words""#, #""two words""#),
    ("a=b", #""a=b""#, #""a=b""#),
    (#"say "hi""#, #""say \"hi\"""#, #""say \"hi\"""#),
    (#"back\slash"#, #""back\\slash""#, #""back\\slash""#),
    ("a\nb", #""a\nb""#, #""a\nb""#),
    ("a\r\nb\t", #""a\r\nb\t""#, #""a\r\nb\t""#),
    ("\u{0}\u{1B}[31m\u{7F}", #""\u0000\u001b[31m\u007f""#, #""\u0000\u001b[31m\u007f""#),
    ("\u{85}\u{9B}", #""\u0085\u009b""#, #""\u0085\u009b""#),
    ("\u{2028}\u{2029}", #""\u2028\u2029""#, #""\u2028\u2029""#),
    ("\u{202E}\u{2066}\u{200F}\u{061C}", #""\u202e\u2066\u200f\u061c""#, #""\u202e\u2066\u200f\u061c""#),
    ("\u{FEFF}\u{200B}\u{AD}", #""\ufeff\u200b\u00ad""#, #""\ufeff\u200b\u00ad""#),
    ("\u{E0041}", #""\udb40\udc41""#, #""\udb40\udc41""#),
    ("José 😀", #""José 😀""#, #""José 😀""#),
    (String(decoding: [0x61, 0xFF, 0xC3], as: UTF8.self), "\"a\u{FFFD}\u{FFFD}\"", "\"a\u{FFFD}\u{FFFD}\""),
]

@Suite struct LogInjectionTests {
    @Test(arguments: values.indices)
    func `a value stays inside its field`(index: Int) {
        let (value, text, json) = values[index]
        #expect(line(.text) { $0.info("m", ["k": .string(value)]) } == "1970-01-01T00:00:00.000Z INFO  m k=" + text)
        #expect(line(.json) { $0.info("m", ["k": .string(value)]) }.hasSuffix(#""m","k":"# + json + "}"))
    }

    @Test(arguments: values.indices)
    func `a fixed field is escaped like any other`(index: Int) {
        let (value, text, json) = values[index]
        #expect(line(.text) { $0.with("k", .string(value)).info("m") }.hasSuffix("m k=" + text))
        #expect(line(.json) { $0.with("k", .string(value)).info("m") }.hasSuffix(#""k":"# + json + "}"))
    }

    @Test func `a newline in a value can not begin a line`() {
        let forged = "x\n1970-01-01T00:00:00.000Z INFO  signed in user=admin"
        for format in LogFormat.allCases {
            let sink = CollectingLogSink()
            let logger = Logger(format: format, sink: sink, now: { WallTime(seconds: 0) })
            logger.with(forged, .string(forged)).info(forged, [forged: .string(forged)])
            #expect(sink.lines.count == 1)
            #expect(sink.text.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
            #expect(!sink.contains("\n"))
        }
    }

    @Test(arguments: [
        ("signed in", "signed in"), ("a=b c=d", #""a=b c=d""#), ("x\ny", #""x\ny""#), ("\u{1B}[2J", #""\u001b[2J""#),
        ("\u{202E}evil", #""\u202eevil""#), ("", #""""#), (#"a "quoted" b"#, #""a \"quoted\" b""#),
    ])
    func `a message that could pass for fields or commands is quoted`(message: String, shown: String) {
        #expect(line(.text) { $0.info(message) } == "1970-01-01T00:00:00.000Z INFO  " + shown)
    }

    @Test func `a key is escaped too`() {
        #expect(line(.text) { $0.info("m", ["a b=\n": 1]) }.hasSuffix(#"m "a b=\n"=1"#))
        #expect(line(.json) { $0.info("m", [#"a""#: 1]) }.hasSuffix(#""a\"":1}"#))
    }

    @Test func `no character of the basic plane breaks a line`() {
        for scalar in (0...0xFFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init) {
            let bytes = Array(line(.json) { $0.info("m", ["k": .string(String(scalar))]) }.utf8)
            let value = bytes.dropFirst(
                #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"m","k":""#.utf8.count
            )
            .dropLast(2)
            let isEscaped = value.first == UInt8(ascii: "\\")
            #expect(isEscaped || value.elementsEqual(scalar.utf8), "U+\(String(scalar.value, radix: 16))")
            #expect(value.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "U+\(String(scalar.value, radix: 16))")
        }
    }
}

@Suite struct LogLengthTests {
    @Test(arguments: LogFormat.allCases, ["a", "\u{1}", "é", "😀"])
    func `a line never exceeds 64 KiB, and says when fields were left out`(format: LogFormat, unit: String) {
        let huge = String(repeating: unit, count: 70_000)
        let written = line(format) { logger in
            var fields: LogFields = [:]
            for number in 0..<9 { fields.append("k\(number)" + huge, .string(huge)) }
            logger.with("request_id", "r1").with("huge", .string(huge)).info(huge, fields)
        }
        #expect(written.utf8.count < 65_536)
        #expect(written.utf8.count > 32_768)
        #expect(written.contains("…"))
        #expect(written.contains(format == .text ? " request_id=r1 " : #","request_id":"r1","#))
        #expect(written.hasSuffix(format == .text ? " truncated=true" : #","truncated":true}"#))
    }

    @Test func `a line that fits is not called truncated`() {
        let long = String(repeating: "a", count: 16_000)
        let written = line(.text) { $0.info("m", ["a": .string(long), "b": .string(long)]) }
        #expect(written.hasSuffix("m a=\(long) b=\(long)"))
    }
}
