import HTTPEngine
import Testing

@Suite struct URLEncodedFormTests {
    private func pairs(_ text: String) throws -> [[String]] {
        try URLEncodedForm(parsing: [UInt8](text.utf8)).pairs.map { [$0.name, $0.value] }
    }

    @Test func `pairs keep their order and names may repeat`() throws {
        let form = try URLEncodedForm(parsing: [UInt8]("b=2&a=1&b=3".utf8))
        #expect(form.pairs.map(\.name) == ["b", "a", "b"])
        #expect(form["b"] == "2")
        #expect(form.values("b") == ["2", "3"])
        #expect(form["c"] == nil)
        #expect(form.values("c") == [])
    }

    @Test func `a name is found by its bytes, and not by what looks the same`() throws {
        let form = try URLEncodedForm(parsing: [UInt8]("e%CC%81=two&%C3%A9=one".utf8))
        #expect(form["\u{E9}"] == "one" && form.values("e\u{301}") == ["two"])
    }

    @Test func `heaps of combining marks in a name or a value refuse the form`() {
        let marks = String(repeating: "\u{301}", count: 31)
        for text in ["a=\(marks)", "\(marks)=a"] {
            #expect(throws: URLEncodedFormError.badEncoding(.notText)) {
                try URLEncodedForm(parsing: [UInt8](text.utf8))
            }
        }
    }

    @Test(arguments: [
        ("", []), ("&&", []), ("a", [["a", ""]]), ("a=", [["a", ""]]), ("=b", [["", "b"]]), ("=", [["", ""]]),
        ("a=b=c", [["a", "b=c"]]), ("&a=1&&b=2&", [["a", "1"], ["b", "2"]]), ("a+b=c+d", [["a b", "c d"]]),
        ("a%26b=c%3Dd", [["a&b", "c=d"]]), ("name=J%C3%BCrgen", [["name", "Jürgen"]]), ("a;b=1", [["a;b", "1"]]),
    ])
    func `a form is read as browsers write it`(text: String, expected: [[String]]) throws {
        #expect(try pairs(text) == expected)
    }

    @Test(arguments: ["a=%", "%zz=1", "a=1&b=%4"])
    func `a broken encoding refuses the whole form`(text: String) {
        #expect(throws: URLEncodedFormError.badEncoding(.malformed)) { try URLEncodedForm(parsing: [UInt8](text.utf8)) }
    }

    @Test(arguments: ["a=%00", "%FF=1", "a=%C0%AF"])
    func `what is not text refuses the whole form`(text: String) {
        #expect(throws: URLEncodedFormError.badEncoding(.notText)) { try URLEncodedForm(parsing: [UInt8](text.utf8)) }
    }

    @Test func `a raw byte that is not UTF-8 refuses the form`() {
        #expect(throws: URLEncodedFormError.badEncoding(.notText)) { try URLEncodedForm(parsing: [0x61, 0x3D, 0xFF]) }
    }

    @Test func `one pair too many is an error and not cut off`() throws {
        let most = [String](repeating: "a=1", count: 1_000).joined(separator: "&")
        #expect(try URLEncodedForm(parsing: [UInt8](most.utf8)).pairs.count == 1_000)
        #expect(try URLEncodedForm(parsing: [UInt8]((most + "&&").utf8)).pairs.count == 1_000)
        #expect(throws: URLEncodedFormError.tooManyPairs(limit: 1_000)) {
            try URLEncodedForm(parsing: [UInt8]((most + "&a").utf8))
        }
    }

    @Test func `a query is read the same way and may be missing`() throws {
        let request = HTTPRequest(method: .get, target: "/search?q=a+b&page=2")
        #expect(try URLEncodedForm(query: request.query)["q"] == "a b")
        #expect(try URLEncodedForm(query: HTTPRequest(method: .get, target: "/search").query).pairs.isEmpty)
    }

    @Test func `what is serialized reads back the same`() throws {
        let form: URLEncodedForm = [
            "redirect_uri": "https://a.example/cb?x=1&y=2", "scope": "a b+c", "é": "", "": "~*",
        ]
        #expect(
            form.serialized
                == "redirect_uri=https%3A%2F%2Fa.example%2Fcb%3Fx%3D1%26y%3D2&scope=a+b%2Bc&%C3%A9=&=~%2A"
        )
        #expect(try URLEncodedForm(parsing: [UInt8](form.serialized.utf8)) == form)
    }

    @Test func `no description shows a value`() throws {
        let form = try URLEncodedForm(parsing: [UInt8]("email=a%40b.example&password=hunter2".utf8))
        #expect(form.description == "email=****&password=****")
        for text in ["\(form)", String(reflecting: form), "\(form.pairs)", String(reflecting: form.pairs)] {
            #expect(!text.contains("hunter2"))
        }
    }

    @Test func `hostile input is refused or reads back the same`() {
        forEachHostileVariant(of: "a=1&b%20=c+d&&e") { input in
            guard let form = try? URLEncodedForm(parsing: [UInt8](input.utf8)) else { return }
            if (try? URLEncodedForm(parsing: [UInt8](form.serialized.utf8))) != form {
                Issue.record("\(input) changed")
            }
        }
    }
}
