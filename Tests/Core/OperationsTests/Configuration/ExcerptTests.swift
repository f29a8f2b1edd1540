import Testing

@testable import Operations

@Suite struct ExcerptTests {
    @Test(arguments: [
        ("", ""), ("plain text, é 日本", "plain text, é 日本"), ("two\nlines", "two\\u{a}lines"), ("\r\n", "\\u{d}\\u{a}"),
        ("\u{1b}[31mred", "\\u{1b}[31mred"), ("a\u{202e}b", "a\\u{202e}b"), ("\u{2028}", "\\u{2028}"),
    ])
    func `an excerpt stays on its line and does not steer a terminal`(text: String, expected: String) {
        #expect(Excerpt(text).description == expected)
    }

    @Test func `an excerpt is cut behind sixty characters`() {
        let sixty = String(repeating: "x", count: 60)
        #expect(Excerpt(sixty).description == sixty)
        #expect(Excerpt(sixty + "y").description == sixty + "…")
    }
}
