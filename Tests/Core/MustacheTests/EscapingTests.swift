import Testing

@testable import Mustache

@Suite struct EscapingTests {
    private static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "&lt;b&gt;",
        "</title><b>",
        "]]><b>", "<!--", "--><b>", "\u{0}<\u{0}b>", "<\u{200B}b>", "{{{raw}}}", "&#60;b&#62;", "<<<<>>>>\"\"''&&",
        "\u{FEFF}<b>", "é<ü>\u{1F600}\"", "&", "'", String(repeating: "<", count: 10_000),
    ]

    /// What every reader of HTML does with references, backwards.
    private func unescaped(_ text: String) -> String {
        var text = text
        let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        for (reference, sign) in references { text = replacing(reference, with: sign, in: text) }
        return text
    }

    private func replacing(_ pattern: String, with text: String, in whole: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(whole.utf8)[...]
        while let first = rest.first {
            if rest.starts(with: pattern.utf8) {
                bytes += text.utf8
                rest = rest.dropFirst(pattern.utf8.count)
            } else {
                bytes.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: hostile)
    func `in every place a text stays a text`(text: String) throws {
        let data: MustacheValue = [
            "a": .string(text), "list": [.string(text)], "object": ["member": .string(text)], "on": true,
        ]
        let tags = [
            "{{a}}", "{{ a }}", "{{object.member}}", "{{#a}}{{.}}{{/a}}", "{{#list}}{{.}}{{/list}}",
            "{{#object}}{{member}}{{/object}}", "{{#on}}{{a}}{{/on}}", "{{^off}}{{a}}{{/off}}", "{{>part}}",
            "{{<parent}}{{$block}}{{a}}{{/block}}{{/parent}}", "{{<parent}}{{/parent}}", "{{=<% %>=}}<%a%><%={{ }}=%>",
        ]
        for tag in tags {
            let shown = try render(
                "<p title=\"\(tag)\">",
                data,
                partials: ["part": "{{a}}", "parent": "{{$block}}{{a}}{{/block}}"]
            )
            let value = String(shown.dropFirst(10).dropLast(2))
            #expect(!value.utf8.contains { "<>\"'".utf8.contains($0) }, "\(tag)")
            #expect(unescaped(value) == text, "\(tag)")
        }
    }

    @Test func `exactly five bytes are escaped`() throws {
        let text = String(String.UnicodeScalarView((0..<128).compactMap(Unicode.Scalar.init(_:))))
        let changed = text.unicodeScalars.filter { Markup(escaping: String($0)).text != String($0) }
        #expect(String(String.UnicodeScalarView(changed)) == "\"&'<>")
        #expect(Markup(escaping: "a&b<c>d\"e'f").text == "a&amp;b&lt;c&gt;d&quot;e&#39;f")
        #expect(Markup(escaping: "").text == "")
    }

    @Test(arguments: ["{{{a}}}", "{{&a}}", "{{& a }}", "{{=<% %>=}}<%{a}%>", "{{=<% %>=}}<%&a%>"])
    func `an application can refuse unescaped tags`(tag: String) {
        let options = TemplateOptions(allowsUnescaped: false)
        let found = mistakes("<p>\n\(tag)", options: options)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("main:2:") == true && found.first?.contains("write {{a}} for ") == true)
        #expect(mistakes("<p>\n\(tag)").isEmpty)
    }
}
