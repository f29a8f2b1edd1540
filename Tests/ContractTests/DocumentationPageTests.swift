import Testing

@testable import Contract

/// The page for people.
@Suite struct DocumentationPageTests {
    private let html = DocumentationPage(Operation.all).html

    /// What stands between `<` and `>`, in order.
    private func tags(in html: String) -> [Substring] {
        html.split(separator: "<").compactMap { piece in
            piece.firstIndex(of: ">").map { piece[..<$0] }
        }
    }

    private func name(_ tag: Substring) -> Substring { tag.prefix { $0 != " " } }

    @Test func `the page has no script and asks nobody for anything`() {
        let names = Set(tags(in: html).map { name($0).lowercased() })
        #expect(names.isDisjoint(with: ["script", "iframe", "object", "embed", "img", "link", "form", "base"]))
        #expect(!tags(in: html).contains { $0.contains(" on") || $0.contains("javascript:") || $0.contains(" style=") })
        #expect(html.split(separator: "<style>").count == 2)
        #expect(html.contains("<style>\(DocumentationPage.style)</style>"))
        #expect(!DocumentationPage.style.contains("url(") && !DocumentationPage.style.contains("@import"))
    }

    @Test func `the page is small enough to be read over a bad line`() { #expect(html.utf8.count < 100_000) }

    @Test func `every element that is opened is closed, inside of the one it is in`() {
        var open: [Substring] = []
        for tag in tags(in: html) where !["!doctype", "meta"].contains(name(tag)) {
            if tag.hasPrefix("/") { #expect(open.popLast() == tag.dropFirst()) } else { open.append(name(tag)) }
        }
        #expect(open.isEmpty)
    }

    @Test func `every link within the page leads somewhere, and no place has two names`() {
        let ids = html.split(separator: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(Set(ids).count == ids.count)
        let links = html.split(separator: "href=\"#").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(!links.isEmpty && Set(links).isSubset(of: ids))
    }

    @Test(arguments: Operation.all)
    func `every operation is there, with its routes and a line to try it`(_ operation: Operation) {
        #expect(html.contains("<article id=\"\(operation.id)\">"))
        for path in operation.paths { #expect(html.contains(path)) }
        #expect(operation.curl.hasPrefix("curl"))
        #expect(operation.curl.contains("$GATEHOUSE/") && !operation.curl.contains("{id}"))
        #expect(operation.curl.contains("Bearer $TOKEN") || operation.caller == .anyone || operation.content != nil)
    }

    @Test func `what the head of a request or an answer says is told`() {
        for text in ["X-Device-Token", "RateLimit-Policy", "Of a search no more than 1000 are counted."] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test func `text is escaped wherever it stands`() {
        var page = HTMLWriter()
        page.element("p", ["title": "\"'<&>"], "</p><script>&'\"")
        #expect(
            page.text
                == "<p title=\"&quot;&#39;&lt;&amp;&gt;\">&lt;/p&gt;&lt;script&gt;&amp;&#39;&quot;</p>"
        )
    }

    @Test func `only the operations it was made of are told`() {
        let small = DocumentationPage([.health]).html
        #expect(small.contains("/health") && !small.contains("/api/v1") && !small.contains("schema-User"))
    }
}
