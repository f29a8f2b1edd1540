import JSON
import Testing

@Suite struct JSONValueTests {
    @Test func `a value is what it is and nothing else`() {
        let values: [JSONValue] = [
            .null, .boolean(false), .integer(0), .number(0.5), .string(""), .array([]), .object([:]),
        ]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false, false])
        #expect(values.map { $0.boolean != nil } == [false, true, false, false, false, false, false])
        #expect(values.map { $0.integer != nil } == [false, false, true, false, false, false, false])
        #expect(values.map { $0.number != nil } == [false, false, true, true, false, false, false])
        #expect(values.map { $0.string != nil } == [false, false, false, false, true, false, false])
        #expect(values.map { $0.array != nil } == [false, false, false, false, false, true, false])
        #expect(values.map { $0.object != nil } == [false, false, false, false, false, false, true])
    }

    @Test(
        arguments: [
            ("1.0", 1), ("-1e2", -100), ("0.0", 0), ("1.5", nil), ("9007199254740992.0", 9_007_199_254_740_992),
            ("9007199254740994.0", nil), ("1e18", nil), ("1000000000000000000", 1_000_000_000_000_000_000),
            ("9223372036854775808", nil), ("1e-400", 0),
        ] as [(String, Int64?)]
    )
    func `a number is an integer when it is whole and known exactly`(document: String, integer: Int64?) throws {
        #expect(try JSONValue(parsing: Array(document.utf8)).integer == integer)
    }

    @Test func `no value prints what it holds`() throws {
        let value = try JSONValue(parsing: Array(#"{"secret-name":["secret",12345,1.2345,true,null]}"#.utf8))
        #expect("\(value)" == "object of 1")
        #expect("\(value.object?["secret-name"] as Any)" == "Optional(array of 5)")
        for text in [String(reflecting: value), "\(value.object?.members as Any)", "\([value])"] {
            #expect(!text.contains("secret") && !text.contains("2345"))
        }
        let elements = try #require(value.object?["secret-name"]?.array)
        #expect("\(elements)" == "[string of 6 bytes, integer, number, boolean, null]")
    }
}
