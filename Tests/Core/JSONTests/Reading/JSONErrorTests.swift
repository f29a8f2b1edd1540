import JSON
import Testing

@Suite struct JSONErrorTests {
    @Test(arguments: [
        (0, 1, 1), (1, 1, 2), (2, 2, 1), (3, 2, 2), (5, 2, 3), (8, 2, 4), (9, 3, 1), (10, 3, 2), (99, 3, 2),
    ])
    func `a place is a line and a character in it`(offset: Int, line: Int, column: Int) {
        let document = Array("{\n\"é€\n}".utf8)
        #expect(document.count == 10)
        let location = JSONError(.expectedName, at: offset).location(in: document.span)
        #expect(location.line == line && location.column == column, "\(location)")
    }

    @Test func `the place of a mistake is found again in the document`() throws {
        let document = Array("{\r\n  \"name\": \"é\",\r\n  \"é\": tru }".utf8)
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: document) }
        #expect(error.code == .expectedValue)
        #expect(error.location(in: document.span) == (3, 8))
    }

    @Test func `what an error says quotes nothing of the document`() throws {
        for document in [#"{"secret" secret"#, #"["secret\q"]"#, #"{"secret":1,"secret":2}"#, "secret"] {
            let error = try #require(throws: JSONError.self) { try JSONValue(parsing: Array(document.utf8)) }
            for text in ["\(error)", String(reflecting: error), error.message] { #expect(!text.contains("secret")) }
        }
        #expect("\(JSONError(.endsEarly, at: 7))" == "the document ends too early (at byte 7)")
    }
}
