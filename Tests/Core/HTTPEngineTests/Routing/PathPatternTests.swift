import HTTPEngine
import Testing

@Suite struct PathPatternTests {
    @Test func `a pattern is literals, parameters and a rest`() throws {
        let pattern = try PathPattern("/users/{id}/files/{path...}")
        #expect(pattern.segments == [.literal("users"), .parameter("id"), .literal("files"), .rest("path")])
        #expect(pattern.parameterNames == ["id", "path"])
        #expect(pattern.description == "/users/{id}/files/{path...}")
    }

    @Test func `the root has no segments`() throws {
        #expect(try PathPattern("/").segments == [])
    }

    @Test(arguments: ["/.well-known/jwks.json", "/a-b_c~d", "/é", "/v1:batch", "/{_}", "/{a1}", "/{rest...}"])
    func `these are patterns`(text: String) throws {
        #expect(try PathPattern(text).description == text)
    }

    @Test(arguments: [
        ("", PathPatternError.Reason.noLeadingSlash), ("users", .noLeadingSlash), ("{id}", .noLeadingSlash),
        ("//", .emptySegment), ("/users/", .emptySegment), ("/a//b", .emptySegment),
        ("/.", .badSegment(".")), ("/a/..", .badSegment("..")), ("/{}", .badSegment("{}")),
        ("/{...}", .badSegment("{...}")), ("/{id", .badSegment("{id")), ("/id}", .badSegment("id}")),
        ("/a{id}", .badSegment("a{id}")), ("/{1a}", .badSegment("{1a}")), ("/{a b}", .badSegment("{a b}")),
        ("/{a-b}", .badSegment("{a-b}")), ("/{é}", .badSegment("{é}")), ("/a%20b", .badSegment("a%20b")),
        ("/a?b", .badSegment("a?b")), ("/a#b", .badSegment("a#b")), ("/a b", .badSegment("a b")),
        ("/a\\b", .badSegment("a\\b")), ("/{a....}", .badSegment("{a....}")),
        ("/{id}/{id}", .repeatedName("id")), ("/{id}/{id...}", .repeatedName("id")),
        ("/{path...}/edit", .restNotAtEnd), ("/{a...}/{b...}", .restNotAtEnd),
    ])
    func `these are not and the error says why`(text: String, reason: PathPatternError.Reason) {
        let error = #expect(throws: PathPatternError.self) { try PathPattern(text) }
        #expect(error?.reason == reason)
        #expect(error?.description.contains("the pattern \(text) ") == true)
    }

    @Test func `hostile input is refused or keeps its text`() {
        forEachHostileVariant(of: "/users/{id}/{path...}") { input in
            guard let pattern = try? PathPattern(input) else { return }
            if pattern.description != input || Set(pattern.parameterNames).count != pattern.parameterNames.count {
                Issue.record("\(input) changed")
            }
        }
    }
}
