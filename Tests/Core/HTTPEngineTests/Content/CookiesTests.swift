import HTTPEngine
import Testing

@Suite struct CookiesTests {
    private func cookies(_ lines: String...) -> Cookies {
        var fields = HTTPFields()
        for line in lines { fields.append(.cookie, line) }
        return Cookies(fields)
    }

    @Test func `the example of RFC 6265 is read`() {
        let cookies = cookies("SID=31d4d96e407aad42; lang=en-US")
        #expect(cookies["SID"] == "31d4d96e407aad42")
        #expect(cookies["lang"] == "en-US")
        #expect(cookies["sid"] == nil)
        #expect(cookies.pairs.count == 2)
    }

    @Test(arguments: [
        ("a=1;b=2", ["a=1", "b=2"]), ("a=1 ;  b = 2 ", ["a=1", "b=2"]), ("a=", ["a="]), ("a=b=c", ["a=b=c"]),
        ("a=\"quoted\"", ["a=quoted"]), ("a=\"", ["a=\""]), ("a=\"\"", ["a="]), ("a=x y,z", ["a=x y,z"]),
        ("lonely; a=1", ["a=1"]), ("=x; a=1", ["a=1"]), ("b c=x; a=1", ["a=1"]), ("b@=x; a=1", ["a=1"]),
        ("b=é; a=1", ["a=1"]), ("b=x\ty; a=1", ["a=1"]), (";;; a=1;", ["a=1"]), ("", []),
        ("b=2;\u{301}a=1; c=3", ["b=2", "c=3"]),
    ])
    func `a pair that is not one is skipped and its neighbours are kept`(line: String, expected: [String]) {
        #expect(cookies(line).pairs.map { "\($0.name)=\($0.value)" } == expected)
    }

    @Test func `several fields are read in order and the first of a name wins`() {
        let cookies = cookies("a=first; b=2", "a=second")
        #expect(cookies["a"] == "first")
        #expect(cookies.values("a") == ["first", "second"])
    }

    @Test func `an oversized pair is skipped and pairs behind the limit are not read`() {
        let long = String(repeating: "x", count: Cookies.longestPair)
        #expect(cookies("a=\(long); b=1").pairs.map(\.name) == ["b"])
        #expect(cookies("a=\(long.dropLast()); b=1").pairs.map(\.name) == ["a", "b"])
        let many = (0...Cookies.limit).map { "n\($0)=1" }.joined(separator: "; ")
        #expect(cookies(many).pairs.count == Cookies.limit)
        #expect(cookies(many)["n\(Cookies.limit)"] == nil)
    }

    @Test func `a request without the field has none`() {
        #expect(HTTPRequest(method: .get, target: "/").cookies.pairs.isEmpty)
    }

    @Test func `no description shows a value`() {
        let cookies = cookies("session=s3cret")
        #expect(cookies.description == "session=****")
        for text in ["\(cookies)", String(reflecting: cookies), "\(cookies.pairs)", String(reflecting: cookies.pairs)] {
            #expect(!text.contains("s3cret"))
        }
    }

    @Test func `hostile input leaves tokens and printable values only`() {
        forEachHostileVariant(of: "a=1; b=\"2\"; c=x") { input in
            // What no field can hold does not get here.
            guard input.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else { return }
            for pair in cookies(input).pairs {
                let isPrintable = pair.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x3B }
                if HTTPMethod(pair.name) == nil || !isPrintable { Issue.record("\(input) gave a bad pair") }
            }
        }
    }
}
