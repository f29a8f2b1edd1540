import JSON
import Testing

@Suite struct JSONWriterTests {
    private static func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func text(_ value: some JSONWritable) -> String { String(decoding: value.json, as: UTF8.self) }

    @Test func `members and elements are separated, however deep they stand`() {
        let text = JSONWriterTests.written { root in
            root.object { object in
                object.member("name", "ada")
                object.key("list")
                object.array { list in
                    list.integer(1)
                    list.object { _ in }
                    list.array { $0.null() }
                    list.boolean(false)
                }
                object.key("empty")
                object.array { _ in }
                object.key("inner")
                object.object { $0.member("truth", true) }
                object.member("last", 0.5)
            }
        }
        #expect(
            text == #"{"name":"ada","list":[1,{},[null],false],"empty":[],"inner":{"truth":true},"last":0.5}"#
        )
    }

    @Test func `a member without a value is null, or left out where that is asked for`() {
        let text = JSONWriterTests.written { root in
            root.object { object in
                object.member("a", ifPresent: String?.none)
                object.member("b", String?.none)
                object.member("c", ifPresent: Int?.some(1))
                object.member("d", Int?.some(2))
                object.member("e", ifPresent: [String]?.none)
                object.member("f", ["x", "y"])
                object.member("g", [String]())
                object.member("h", [1, nil, 3] as [Int?])
            }
        }
        #expect(text == #"{"b":null,"c":1,"d":2,"f":["x","y"],"g":[],"h":[1,null,3]}"#)
    }

    @Test func `whole numbers are written to their ends`() {
        #expect(JSONWriterTests.text(0) == "0")
        #expect(JSONWriterTests.text(-10) == "-10")
        #expect(JSONWriterTests.text(Int64.min) == "-9223372036854775808")
        #expect(JSONWriterTests.text(Int64.max) == "9223372036854775807")
        #expect(JSONWriterTests.text(UInt64.max) == "18446744073709551615")
        #expect(JSONWriterTests.written { $0.integer(10_000_000_000) } == "10000000000")
    }

    @Test(arguments: [
        (0.1, "0.1"), (100.0, "100.0"), (-0.0, "-0.0"), (1e16, "1e+16"), (1.0 / 3, "0.3333333333333333"),
        (Double.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
    ])
    func `a number is written in its shortest digits`(number: Double, text: String) {
        #expect(JSONWriterTests.text(number) == text)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\n\r\t", #""\n\r\t""#),
        ("\0\u{8}\u{C}\u{1F}\u{7F}", "\"\\u0000\\u0008\\u000c\\u001f\u{7F}\""), ("é€🔑", "\"é€🔑\""),
        ("</script>&amp;", #""\u003c/script\u003e\u0026amp;""#), ("\u{2028}", "\"\u{2028}\""),
    ])
    func `a string is escaped where it must be, and where HTML would read it`(string: String, text: String) {
        #expect(JSONWriterTests.text(string) == text)
        #expect(JSONWriterTests.written { $0.object { $0.member(string, 0) } } == "{\(text):0}")
    }

    @Test func `a fragment stands in a document as it was written`() throws {
        let written = JSONFragment { $0.object { $0.member("a", 1) } }
        let read = try JSONFragment(parsing: Array(" [ 1.50 ] ".utf8))
        let text = JSONWriterTests.written { root in
            root.object { object in
                object.member("x", written)
                object.member("y", read)
                object.member("z", [written, JSONFragment("text")])
            }
        }
        #expect(text == #"{"x":{"a":1},"y": [ 1.50 ] ,"z":[{"a":1},"text"]}"#)
        #expect("\(written)" == "fragment of 7 bytes")
    }

    @Test(arguments: ["", "{", "1,2", "1}", #""a":1"#, "//"])
    func `bytes that are not one document are no fragment`(bytes: String) {
        #expect(throws: JSONError.self) { try JSONFragment(parsing: Array(bytes.utf8)) }
    }

    @Test func `a document that would not be well-formed stops the program`() async {
        await #expect(processExitsWith: .failure) { JSONWriterTests.misuse { _ in } }
        await #expect(processExitsWith: .failure) {
            JSONWriterTests.misuse {
                $0.null(); $0.null()
            }
        }
        await #expect(processExitsWith: .failure) { JSONWriterTests.misuse { $0.key("a") } }
        await #expect(processExitsWith: .failure) { JSONWriterTests.misuse { $0.object { $0.null() } } }
        await #expect(processExitsWith: .failure) { JSONWriterTests.misuse { $0.object { $0.key("a") } } }
        await #expect(processExitsWith: .failure) {
            JSONWriterTests.misuse {
                $0.object {
                    $0.key("a"); $0.key("b")
                }
            }
        }
        await #expect(processExitsWith: .failure) { JSONWriterTests.misuse { $0.array { $0.key("a") } } }
        await #expect(processExitsWith: .failure) { JSONWriterTests.misuse { $0.number(.infinity) } }
        await #expect(processExitsWith: .failure) { JSONWriterTests.misuse { $0.number(.nan) } }
    }

    private static func misuse(_ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        body(&writer)
        _ = writer.bytes
    }
}
