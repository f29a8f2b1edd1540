import HTTPEngine
import Testing

@Suite struct MediaTypeTests {
    @Test(arguments: [
        "text/html;charset=utf-8", "Text/HTML;Charset=\"utf-8\"", "text/html; charset=\"utf-8\"",
        "text/html;charset=UTF-8",
    ])
    func `the four spellings of RFC 9110 are the same type`(text: String) throws {
        let type = try #require(MediaType(text))
        #expect(type.essence == "text/html")
        #expect(type.charset == "utf-8")
        #expect(type.isSameEssence(as: .html))
        #expect(!type.isSameEssence(as: .json))
    }

    @Test func `parameters keep their order and the first of a name counts`() throws {
        let type = try #require(MediaType("multipart/form-data; Boundary=\"a;\\\"b\" ; x=1;; x=2;"))
        #expect(type.essence == "multipart/form-data")
        #expect(type.parameters.map(\.name) == ["boundary", "x", "x"])
        #expect(type[parameter: "BOUNDARY"] == "a;\"b")
        #expect(type[parameter: "x"] == "1")
        #expect(type.charset == nil)
        #expect(type.description == "multipart/form-data; boundary=\"a;\\\"b\"; x=1; x=2")
    }

    @Test func `backslashes hide no heap of combining marks`() {
        func type(_ count: Int) -> MediaType? {
            MediaType("text/html; a=\"x" + String(repeating: "\\\u{301}", count: count) + "\"")
        }
        #expect(type(30)?[parameter: "a"]?.unicodeScalars.count == 31)
        #expect(type(31) == nil)
    }

    @Test(arguments: [
        "", "text", "text/", "/html", "text html", "text/html/x", "text /html", "text/html;charset", "text/html;=x",
        "text/html; charset =utf-8", "text/html; charset= utf-8", "text/html; a=\"x", "text/html; a=\"x\"y",
        "text/html, text/plain", "text/html; a=", "text/html; a=\"x\\", "té/html",
    ])
    func `what is not a media type is none`(text: String) {
        #expect(MediaType(text) == nil)
    }

    @Test(arguments: [
        ("index.html", "text/html; charset=utf-8"), ("site.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"), ("app.mjs", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"), ("a.js.map", "application/json"), ("logo.svg", "image/svg+xml"),
        ("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.gif", "image/gif"), ("a.webp", "image/webp"),
        ("a.avif", "image/avif"), ("favicon.ico", "image/x-icon"), ("robots.txt", "text/plain; charset=utf-8"),
        ("a.woff2", "font/woff2"), ("a.pdf", "application/pdf"), ("sitemap.xml", "application/xml"),
        ("app.webmanifest", "application/manifest+json"), ("a.wasm", "application/wasm"), ("A.PNG", "image/png"),
        ("a", "application/octet-stream"), ("a.exe", "application/octet-stream"), ("a.", "application/octet-stream"),
        ("", "application/octet-stream"), ("html", "application/octet-stream"),
    ])
    func `a file's name tells its type`(name: String, expected: String) {
        #expect(MediaType.ofFile(named: name).description == expected)
    }

    @Test func `hostile input is refused or reads back the same`() {
        forEachHostileVariant(of: "text/html; a=\"x\\\"y\" ; charset=utf-8") { input in
            guard let type = MediaType(input) else { return }
            if MediaType(type.description) != type { Issue.record("\(input) changed") }
        }
    }
}
