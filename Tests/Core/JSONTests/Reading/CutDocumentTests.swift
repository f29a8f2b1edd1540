import JSON
import Testing
import Text

@Suite struct CutDocumentTests {
    private static let documents = [
        #"{"username":"ada","roles":["admin","user"],"age":36,"ratio":-1.5e-3,"active":true,"note":null}"#,
        #"[[],{},[{"a":{"b":[false,"\u00e9\ud83d\udd11\n\""]}}], "é€🔑" ,0.0]"#,
        #""\uD83D\uDD11 é \\ \/""#,
        " { \"a\" : [ 1 , -2E+10 ] , \"\" : \"\" }",
    ]

    /// What means something in JSON or begins, continues or breaks a character.
    private static let tellingBytes =
        Array("{}[]:,\"\\/ \n\0\u{1F}\u{7F}019-+.eEutfna".utf8) + [0x80, 0xBF, 0xC3, 0xED, 0xF0, 0xFF]

    @Test(arguments: documents)
    func `every beginning of a document ends too early, and says so at its end`(document: String) throws {
        let bytes = Array(document.utf8)
        _ = try JSONValue(parsing: bytes)
        for count in bytes.indices {
            #expect(throws: JSONError(.endsEarly, at: count), "cut at \(count)") {
                try JSONValue(parsing: bytes.span.extracting(..<count))
            }
        }
    }

    @Test(arguments: documents)
    func `a document in the middle of other bytes is read as if it were alone`(document: String) throws {
        let bytes = Array(document.utf8)
        let surrounded = Array("]}\"".utf8) + bytes + Array("\",0x".utf8)
        let value = try JSONValue(parsing: surrounded.span.extracting(3..<3 + bytes.count))
        #expect(value == (try JSONValue(parsing: bytes)))
    }

    @Test(arguments: documents)
    func `a document with one byte changed, lost or doubled is a document or refused within its bounds`(
        document: String
    ) throws {
        let bytes = Array(document.utf8)
        for index in bytes.indices {
            var variants: [[UInt8]] = CutDocumentTests.tellingBytes.map { byte in
                var changed = bytes
                changed[index] = byte
                return changed
            }
            variants.append(Array(bytes[..<index] + bytes[(index + 1)...]))
            variants.append(Array(bytes[...index] + bytes[index...]))
            for variant in variants { CutDocumentTests.checkReading(variant) }
        }
    }

    @Test func `random pieces of JSON are a document or refused within their bounds`() {
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "u", "d83d", "0", "1", "-", ".", "e", "+", "true", "null", " ",
            "a", "\"a\"", "\"b\":", "é", "\n", "\u{FEFF}",
        ]
        var numbers = Numbered(seed: 8259)
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...12, using: &numbers)
            let text = (0..<count).map { _ in pieces[Int.random(in: pieces.indices, using: &numbers)] }.joined()
            CutDocumentTests.checkReading(Array(text.utf8))
        }
    }

    /// What is read can be written and read again; what is refused is refused at a place that exists.
    private static func checkReading(_ bytes: [UInt8]) {
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            let again = try JSONValue(parsing: value.json)
            if !again.hasSameBytes(as: value) { Issue.record("\(bytes) changed on its way") }
        } catch {
            if !(0...bytes.count).contains(error.offset) { Issue.record("\(bytes) is refused at \(error.offset)") }
            if error.code == .endsEarly, error.offset != bytes.count { Issue.record("\(bytes) does not end there") }
        }
    }
}
