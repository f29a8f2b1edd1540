import Testing

@testable import Web

@Suite struct LocalPathTests {
    static let elsewhere = [
        "", "https://evil.example", "http:evil", "//evil.example", "///evil.example", "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " /hello", "javascript:alert(1)", "hello",
        "?next=/",
        "/ hello", "/hello\r\nSet-Cookie: a=b", "/caf\u{e9}", "/a\\b", "/\u{7f}", "data:text/html,x",
        "/" + String(repeating: "a", count: 2_000),
    ]

    @Test(arguments: elsewhere)
    func `what could lead to another site is no path of ours`(_ text: String) {
        #expect(LocalPath(text) == nil)
    }

    @Test(arguments: [
        "/", "/hello", "/admin/users?page=2&search=a%20b", "/.//evil", "/a//b", "/%2f%2fevil", "/a?next=//b",
    ])
    func `a path of this site stays as it is`(_ text: String) {
        #expect(LocalPath(text)?.text == text)
    }

    @Test func `an address becomes a path only under an origin of ours`() {
        let origins = ["https://id.example", "http://id.example"]
        #expect(LocalPath("https://id.example/a?b#c", in: origins)?.text == "/a?b")
        #expect(LocalPath("http://id.example/", in: origins)?.text == "/")
        for address in [
            "https://id.example.evil/a", "https://id.example@evil/a", "https://evil/https://id.example/a", "/a",
            "https://id.example", "https://id.example//evil", "ftp://id.example/a", "",
        ] {
            #expect(LocalPath(address, in: origins) == nil, "\(address)")
        }
    }
}
