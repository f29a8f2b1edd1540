import Testing

@testable import Web

/// Whatever people and services say is shown as it is, in every place, and makes no markup.
@Suite struct HostileWordsTests {
    /// Occurs nowhere else.
    private static let harmless = "zqxharmlesszqx"

    private static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "\" autofocus x=\"",
        "&lt;b&gt;", "</title><b>", "</textarea></select></dialog>", "]]><b>", "<!--", "--><b>", "\u{0}<\u{0}b>",
        "<\u{200B}b>", "{{csrf_token}}", "{{{title}}}", "{{#viewer}}", "&#60;b&#62;", "<<<<>>>>\"\"''&&", "&", "'", "`",
        "javascript:alert(1)", "//evil.example/", "\r\nSet-Cookie: a=b", "é<ü>\u{1F600}\"", "\u{202E}<b>", "../..",
        "..", "%",
        String(repeating: "<&\"'", count: 16),
    ]

    private static let plainPages = Result {
        try Samples(text: harmless).all.map { (name: $0.name, page: try ReadPage($0.html)) }
    }

    private static let references: Set<String> = ["href", "action"]

    /// Where the word is shown; addresses aside, in which it is encoded.
    private func places(of word: String, in page: ReadPage) -> [String] {
        let values = page.elements.flatMap { element in
            element.attributes.filter { !HostileWordsTests.references.contains($0.name) && $0.value.contains(word) }
                .map { "\(element.name) \($0.name)" }
        }
        return values + page.texts.filter { $0.contains(word) }.map { _ in "text" }
    }

    @Test(arguments: hostile) func `words never become markup, on any page`(word: String) throws {
        for (plain, sample) in zip(try HostileWordsTests.plainPages.get(), Samples(text: word).all) {
            let page = try ReadPage(sample.html)
            // The same elements in the same places, with the same attributes.
            #expect(page.structure == plain.page.structure, "\(sample.name)")
            // And each text is there, whole: a short one may stand in other texts, too.
            var shown = places(of: word, in: page)
            for place in places(of: HostileWordsTests.harmless, in: plain.page) {
                let index = try #require(shown.firstIndex(of: place), "\(sample.name): \(place)")
                shown.remove(at: index)
            }
            expectOwnAddresses(page, sample.name)
        }
    }

    /// Whatever is in an address, it stays on this site.
    private func expectOwnAddresses(_ page: ReadPage, _ name: String) {
        for element in page.elements {
            for attribute in element.attributes where HostileWordsTests.references.contains(attribute.name) {
                let address = attribute.value
                guard !address.hasPrefix("#") else { continue }
                #expect(address.hasPrefix("/") && !address.hasPrefix("//"), "\(name): \(address)")
                let isPlain = address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
                #expect(isPlain, "\(name): \(address)")
                #expect(!address.split(separator: "/").contains(".."), "\(name): \(address)")
            }
        }
    }

    @Test func `every page that says something shows the words`() throws {
        let silent: Set<String> = ["sign-in", "sign-up", "sign-up-closed", "overview-empty"]
        for plain in try HostileWordsTests.plainPages.get() where !silent.contains(plain.name) {
            #expect(!places(of: HostileWordsTests.harmless, in: plain.page).isEmpty, "\(plain.name)")
        }
    }
}
