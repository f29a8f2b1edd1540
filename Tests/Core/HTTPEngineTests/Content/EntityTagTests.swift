import HTTPEngine
import Testing

@Suite struct EntityTagTests {
    @Test(arguments: [
        // The table of RFC 9110 §8.8.3.2.
        ("W/\"1\"", "W/\"1\"", false, true), ("W/\"1\"", "W/\"2\"", false, false),
        ("W/\"1\"", "\"1\"", false, true), ("\"1\"", "\"1\"", true, true), ("\"1\"", "\"2\"", false, false),
        // One character, and the two it can be made of.
        ("\"\u{E9}\"", "\"e\u{301}\"", false, false),
    ])
    func `tags compare strongly and weakly`(left: String, right: String, strong: Bool, weak: Bool) throws {
        let left = try #require(EntityTag(left))
        let right = try #require(EntityTag(right))
        #expect(left.stronglyMatches(right) == strong && right.stronglyMatches(left) == strong)
        #expect(left.weaklyMatches(right) == weak && right.weaklyMatches(left) == weak)
    }

    @Test(arguments: ["\"xyzzy\"", "W/\"xyzzy\"", "\"\"", "\"a,b\"", "\"a\\b\"", "\"é\""])
    func `a tag is written as it is read`(text: String) {
        #expect(EntityTag(text)?.description == text)
    }

    @Test(arguments: [
        "", "xyzzy", "\"", "\"a", "a\"", "w/\"a\"", "W\"a\"", "\"a b\"", "\"a\"b\"", " \"a\"", "\"a\" ", "*",
    ])
    func `what is not a tag is none`(text: String) {
        #expect(EntityTag(text) == nil)
    }

    @Test func `a tag is not made of what would end it`() {
        #expect(EntityTag(opaque: "abc", isWeak: true)?.description == "W/\"abc\"")
        for opaque in ["a\"b", "a b", "a\r\nb", "a\u{7F}"] { #expect(EntityTag(opaque: opaque) == nil) }
    }

    @Test(arguments: [
        (["\"xyzzy\", \"r2d2xxxx\", \"c3piozzzz\""], ["\"xyzzy\"", "\"r2d2xxxx\"", "\"c3piozzzz\""]),
        (["W/\"xyzzy\",W/\"r2d2xxxx\""], ["W/\"xyzzy\"", "W/\"r2d2xxxx\""]),
        (["\"a,b\" ,\t\"c\""], ["\"a,b\"", "\"c\""]), ([",, \"a\",,"], ["\"a\""]),
        (["\"a\"", "\"b\""], ["\"a\"", "\"b\""]),
    ])
    func `a list of tags is read over all lines`(lines: [String], expected: [String]) {
        guard case .tags(let tags) = EntityTagCondition(lines) else {
            Issue.record("not a list")
            return
        }
        #expect(tags.map(\.description) == expected)
    }

    @Test func `an asterisk stands for any tag, and stands alone`() {
        guard case .any = EntityTagCondition([" * "]) else {
            Issue.record("not any")
            return
        }
        for lines in [["*", "*"], ["*, \"a\""], ["\"a\", *"]] { #expect(EntityTagCondition(lines) == nil) }
    }

    @Test(arguments: [[], [""], [","], ["a"], ["\"a\" \"b\""], ["\"a\"; \"b\""], ["\"a\", b"], ["\"a\"", "b"]])
    func `what is not a list of tags is none`(lines: [String]) {
        #expect(EntityTagCondition(lines) == nil)
    }

    @Test func `hostile input is refused or reads back the same`() {
        forEachHostileVariant(of: "\"a\", W/\"b,c\"") { input in
            guard case .tags(let tags) = EntityTagCondition([input]) else { return }
            let written = tags.map(\.description).joined(separator: ",")
            guard case .tags(let again) = EntityTagCondition([written]), again.count == tags.count,
                zip(again, tags).allSatisfy({ $0.description == $1.description })
            else {
                Issue.record("\(input) changed")
                return
            }
        }
    }
}
