import Testing
import Text

@Suite struct StreamSafeTextTests {
    private static let marks: [Unicode.Scalar] = [
        "\u{300}", "\u{301}", "\u{323}", "\u{345}", "\u{5B0}", "\u{64B}", "\u{93C}", "\u{20D0}", "\u{302A}",
        "\u{1D165}", "\u{1E8D0}",
    ]

    private static func run(_ count: Int, of marks: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView()
        for number in 0..<count { text.append(marks[number % marks.count]) }
        return String(text)
    }

    @Test(arguments: ["", "a", "Grüße", "a\u{300}", "漢字", "👩‍👩‍👧", "नमस्ते", "각", "\u{300}", "\u{0}", "\u{10FFFF}"])
    func `what people write is safe`(_ text: String) {
        #expect(text.isStreamSafe)
        #expect(String(repeating: text, count: 1_000).isStreamSafe || text == "\u{300}")
    }

    @Test(arguments: marks)
    func `thirty marks may follow each other, and no more`(_ mark: Unicode.Scalar) {
        for before in ["", "a", "é", "漢"] {
            for after in ["", "b", "字"] {
                #expect((before + StreamSafeTextTests.run(30, of: [mark]) + after).isStreamSafe)
                #expect(!(before + StreamSafeTextTests.run(31, of: [mark]) + after).isStreamSafe)
            }
        }
    }

    @Test func `marks of all kinds count together, and a character between them ends the run`() {
        let marks = StreamSafeTextTests.marks
        #expect(StreamSafeTextTests.run(30, of: marks).isStreamSafe)
        #expect(!StreamSafeTextTests.run(31, of: marks).isStreamSafe)
        let many = String(repeating: "a" + StreamSafeTextTests.run(30, of: marks), count: 1_000)
        #expect(many.isStreamSafe)
        #expect(!(many + "\u{301}").isStreamSafe)
    }

    /// What it is for: marks in the wrong order, the longest there may be, cost no more than their number.
    @Test func `a megabyte that is safe is compared, hashed and searched at once`() {
        let piece = "a" + StreamSafeTextTests.run(15, of: ["\u{301}"]) + StreamSafeTextTests.run(15, of: ["\u{323}"])
        let text = String(repeating: piece, count: 17_000)
        #expect(text.isStreamSafe && text.utf8.count > 1_000_000)
        let other = String(text.dropLast()) + "b"
        let duration = ContinuousClock().measure {
            #expect(text != other)
            #expect([text: 1][other] == nil)
            #expect(!text.hasPrefix("b"))
            #expect(!text.contains("z"))
            #expect(text.split(separator: ",").count == 1)
        }
        #expect(duration < .seconds(5), "as unsafe text it would be minutes")
    }

    @Test(arguments: [
        ("", "", true), ("abc", "", true), ("abc", "abc", true), ("abc", "bc", true), ("abc", "ab", true),
        ("abc", "abcd", false),
        ("aab", "ab", true), ("abc", "ac", false), ("e\u{301}", "e", true), ("\u{E9}", "e\u{301}", false),
    ])
    func `bytes of a text are found in another`(_ text: String, _ part: String, _ isFound: Bool) {
        #expect(text.containsBytes(of: part) == isFound)
    }

    @Test func `a prefix has as many characters as it says, and not as many as are seen`() {
        let text = "e" + String(repeating: "\u{FE0F}", count: 1_000)
        #expect(text.count == 1 && text.prefix(scalars: 3) == "e\u{FE0F}\u{FE0F}")
        #expect("abc".prefix(scalars: 5) == "abc" && "abc".prefix(scalars: 0) == "")
    }

    @Test func `the same bytes are the same, and equal texts of other bytes are not`() {
        let (one, two) = ("\u{E9}", "e\u{301}")
        #expect(one == two)
        #expect(!one.hasSameBytes(as: two) && one.hasSameBytes(as: "\u{E9}"))
        #expect(!"K".hasSameBytes(as: "\u{212A}") && "".hasSameBytes(as: ""))
        let long = String(repeating: "x", count: 100)
        #expect(long.hasSameBytes(as: String(repeating: "x", count: 100)))
        #expect(!long.hasSameBytes(as: String(repeating: "x", count: 99) + "y"))
    }
}
