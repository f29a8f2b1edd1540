import JSON
import Testing

@Suite struct JSONObjectReaderTests {
    private static func reader(_ document: String) throws(JSONError) -> JSONObjectReader {
        try JSONObjectReader(parsing: Array(document.utf8))
    }

    @Test func `a body with nothing wrong is read field by field`() throws {
        var fields = try JSONObjectReaderTests.reader(
            #"{"name":"ada","active":true,"age":36,"ratio":0.5,"roles":["a","b"],"address":{"city":"x"}}"#
        )
        #expect(fields.string("name") == "ada")
        #expect(fields.boolean("active") == true)
        #expect(fields.integer("age") == 36)
        #expect(fields.number("ratio") == 0.5)
        #expect(fields.strings("roles") == ["a", "b"])
        #expect(fields.object("address") == ["city": .string("x")])
        #expect(fields.problems.isEmpty)
        #expect(fields.remainingNames.isEmpty)
    }

    @Test func `everything that is wrong is told at once, in the order of the questions`() throws {
        var fields = try JSONObjectReaderTests.reader(
            #"{"name":1,"active":"true","age":1.5,"ratio":"0.5","roles":["a",1],"address":[],"note":null,"more":0}"#
        )
        #expect(fields.string("missing") == nil)
        #expect(fields.string("note") == nil)
        #expect(fields.string("name") == nil)
        #expect(fields.boolean("active") == nil)
        #expect(fields.integer("age") == nil)
        #expect(fields.number("ratio") == nil)
        #expect(fields.strings("roles") == nil)
        #expect(fields.object("address") == nil)
        #expect(
            fields.problems.map(\.description) == [
                "missing is required", "note must not be null", "name must be a string",
                "active must be true or false", "age must be a whole number", "ratio must be a number",
                "roles must be a list of strings", "address must be an object",
            ]
        )
        #expect(fields.remainingNames == ["more"])
    }

    @Test func `an optional field may be missing or null, but not of another type`() throws {
        var fields = try JSONObjectReaderTests.reader(#"{"null":null,"text":"x","list":[]}"#)
        for name in ["null", "missing"] {
            #expect(fields.optionalString(name) == nil)
            #expect(fields.optionalBoolean(name) == nil)
            #expect(fields.optionalInteger(name) == nil)
            #expect(fields.optionalNumber(name) == nil)
            #expect(fields.optionalStrings(name) == nil)
            #expect(fields.optionalObject(name) == nil)
        }
        #expect(fields.optionalString("text") == "x")
        #expect(fields.optionalStrings("list") == [])
        #expect(fields.problems.isEmpty)
        #expect(fields.optionalBoolean("text") == nil)
        #expect(fields.optionalObject("list") == nil)
        #expect(
            fields.problems == [
                JSONFieldProblem(name: "text", reason: .wrongType(expected: .boolean)),
                JSONFieldProblem(name: "list", reason: .wrongType(expected: .object)),
            ]
        )
    }

    @Test func `a change tells a missing field from a cleared one`() throws {
        var fields = try JSONObjectReaderTests.reader(
            #"{"null":null,"text":"x","truth":false,"one":1,"half":0.5,"list":["a"],"object":{}}"#
        )
        #expect(fields.changedString("missing") == .unchanged)
        #expect(fields.changedString("null") == .cleared)
        #expect(fields.changedString("text") == .set("x"))
        #expect(fields.changedBoolean("truth") == .set(false))
        #expect(fields.changedInteger("one") == .set(1))
        #expect(fields.changedNumber("half") == .set(0.5))
        #expect(fields.changedStrings("list") == .set(["a"]))
        #expect(fields.changedObject("object") == .set([:]))
        #expect(fields.changedString("missing", clearable: false) == .unchanged)
        #expect(fields.problems.isEmpty)
        #expect(fields.changedString("null", clearable: false) == .unchanged)
        #expect(fields.changedInteger("text") == .unchanged)
        #expect(fields.problems.map(\.description) == ["null must not be null", "text must be a whole number"])
    }

    @Test func `a change is applied to what was there`() {
        #expect(JSONChange<Int>.unchanged.applied(to: 1) == 1)
        #expect(JSONChange<Int>.cleared.applied(to: 1) == nil)
        #expect(JSONChange.set(2).applied(to: 1) == 2)
    }

    @Test func `names nobody asked for remain, in the order of the body`() throws {
        var fields = try JSONObjectReaderTests.reader(#"{"z":1,"a":2,"name":3,"role":4}"#)
        #expect(fields.remainingNames == ["z", "a", "name", "role"])
        _ = fields.string("name")
        _ = fields.optionalString("a")
        _ = fields.changedString("missing")
        #expect(fields.remainingNames == ["z", "role"])
    }

    @Test func `a body that is no object is an error of the body, not of a field`() {
        #expect(throws: JSONError(.notAnObject, at: 0)) { try JSONObjectReaderTests.reader("[]") }
        #expect(throws: JSONError(.endsEarly, at: 0)) { try JSONObjectReaderTests.reader("") }
        #expect(throws: JSONError(.nulCharacter, at: 6)) {
            try JSONObjectReader(parsing: Array(#"{"a":"\u0000"}"#.utf8), limits: JSONLimits(allowsNUL: false))
        }
    }
}
