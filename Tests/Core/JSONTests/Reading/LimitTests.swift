import JSON
import Testing

@Suite struct LimitTests {
    private static func nested(_ depth: Int) -> [UInt8] {
        Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }

    private static func value(_ text: String, _ limits: JSONLimits) throws(JSONError) -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), limits: limits)
    }

    @Test func `thirty-two levels are read and the next is refused where it begins`() throws {
        _ = try JSONValue(parsing: LimitTests.nested(32))
        #expect(throws: JSONError(.tooDeep, at: 32)) { try JSONValue(parsing: LimitTests.nested(33)) }
        let objects = String(repeating: #"{"a":"#, count: 33)
        #expect(throws: JSONError(.tooDeep, at: 160)) { try JSONValue(parsing: Array(objects.utf8)) }
    }

    @Test func `levels beside each other do not add up`() throws {
        _ = try LimitTests.value("[[],[],{},[],{}]", JSONLimits(depth: 2))
        #expect(throws: JSONError(.tooDeep, at: 5)) {
            try LimitTests.value("[[],[[]]]", JSONLimits(depth: 2))
        }
    }

    @Test func `the deepest possible limit is read, and a flood of brackets takes no more than that`() throws {
        let limits = JSONLimits(depth: 256)
        _ = try JSONValue(parsing: LimitTests.nested(256), limits: limits)
        #expect(throws: JSONError(.tooDeep, at: 256)) {
            try JSONValue(parsing: LimitTests.nested(1_000_000), limits: limits)
        }
    }

    @Test func `a depth that could exhaust the stack is a mistake of the program`() async {
        await #expect(processExitsWith: .failure) { _ = JSONLimits(depth: 257) }
        await #expect(processExitsWith: .failure) { _ = JSONLimits(depth: 0) }
    }

    @Test func `values are counted in the whole document`() throws {
        let document = #"{"a":[1,2],"b":{"c":null}}"#
        _ = try LimitTests.value(document, JSONLimits(values: 6))
        #expect(throws: JSONError(.tooManyValues, at: 20)) {
            try LimitTests.value(document, JSONLimits(values: 5))
        }
        #expect(throws: JSONError(.tooManyValues, at: 20_000 - 1)) {
            try JSONValue(parsing: Array("[".utf8) + Array(repeating: [0x30, 0x2C], count: 10_000).joined())
        }
    }

    @Test func `the length of a string is that of its text, not of its escapes`() throws {
        let limits = JSONLimits(stringLength: 4)
        for text in [#""abcd""#, #""🔑""#, #""\ud83d\udd11""#, #""\u0041\u0041\u0041\u0041""#, #"{"abcd":1}"#] {
            _ = try LimitTests.value(text, limits)
        }
        #expect(throws: JSONError(.stringTooLong, at: 1)) { try LimitTests.value(#"["abcde"]"#, limits) }
        #expect(throws: JSONError(.stringTooLong, at: 0)) { try LimitTests.value(#""\u00e9é.""#, limits) }
        #expect(throws: JSONError(.stringTooLong, at: 1)) { try LimitTests.value(#"{"abcde":1}"#, limits) }
    }

    @Test func `heaps of combining marks are refused in names and values, escaped and not`() throws {
        let most = String(repeating: "\u{301}", count: 30)
        for text in [most, String(repeating: #"\u0301"#, count: 30)] {
            _ = try LimitTests.value("[\"a\(text)\"]", JSONLimits())
            #expect(throws: JSONError(.tooManyMarks, at: 1)) {
                try LimitTests.value("[\"a\(text)\u{323}\"]", JSONLimits())
            }
            #expect(throws: JSONError(.tooManyMarks, at: 1)) {
                try LimitTests.value("{\"a\(text)\u{323}\":1}", JSONLimits())
            }
        }
    }

    @Test func `U+0000 is kept, can be asked for, and can be refused`() throws {
        let inValue = #"{"a":["x\u0000"]}"#
        let inName = #"[{"\u0000":1}]"#
        #expect(try LimitTests.value(inValue, JSONLimits()).containsNUL)
        #expect(try LimitTests.value(inName, JSONLimits()).containsNUL)
        #expect(try !LimitTests.value(#"{"0":["\\u0000",0,true,null,0.0]}"#, JSONLimits(allowsNUL: false)).containsNUL)
        #expect(throws: JSONError(.nulCharacter, at: 8)) {
            try LimitTests.value(inValue, JSONLimits(allowsNUL: false))
        }
        #expect(throws: JSONError(.nulCharacter, at: 3)) { try LimitTests.value(inName, JSONLimits(allowsNUL: false)) }
    }
}
