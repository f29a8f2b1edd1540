import JSON
import Testing

@Suite struct JSONObjectTests {
    @Test func `members keep their order and are found by name`() throws {
        let object = try JSONObject(parsing: Array(#"{"b":1,"a":[],"":"x","🔑":null}"#.utf8))
        #expect(object.members.map(\.name) == ["b", "a", "", "🔑"])
        #expect(object["b"] == .integer(1))
        #expect(object["a"] == .array([]))
        #expect(object[""] == .string("x"))
        #expect(object["🔑"] == .some(.null))
        #expect(object["c"] == nil)
        #expect(object["B"] == nil)
    }

    @Test func `a name is found by its bytes, not by what it looks like`() throws {
        let object = try JSONObject(parsing: Array("{\"\u{E9}\":1}".utf8))
        #expect(object["\u{E9}"] == .integer(1))
        #expect(object["e\u{301}"] == nil)
        #expect(object != ["e\u{301}": .integer(1)])
        let long = String(repeating: "x", count: 40)
        let longNames = try JSONObject(parsing: Array("{\"\(long)\u{E9}a\u{323}\u{301}\":1}".utf8))
        #expect(longNames[long + "\u{E9}a\u{323}\u{301}"] == .integer(1))
        #expect(longNames[long + "\u{E9}a\u{301}\u{323}"] == nil)
    }

    @Test(arguments: [2, 15, 16, 17, 18, 300])
    func `a repeated name is noticed among any number of members`(count: Int) throws {
        let names = (0..<count).map { "name-\($0)" }
        func document(_ names: [String]) -> [UInt8] {
            Array("{\(names.map { "\"\($0)\":0" }.joined(separator: ","))}".utf8)
        }
        let object = try JSONObject(parsing: document(names))
        #expect(object.members.map(\.name) == names)
        for repeated in [0, count / 2, count - 1] {
            let bytes = document(names + [names[repeated]])
            let offset = bytes.count - names[repeated].utf8.count - 5
            #expect(throws: JSONError(.duplicateName, at: offset)) { try JSONObject(parsing: bytes) }
        }
    }

    @Test func `many names that are the same text in other bytes are many names`() throws {
        // Marks of different classes may stand in any order: the texts are equal to Swift, all of them.
        let marks: [Unicode.Scalar] = ["\u{301}", "\u{323}", "\u{327}", "\u{334}", "\u{345}"]
        var spellings: [[Unicode.Scalar]] = [[]]
        for mark in marks {
            spellings = spellings.flatMap { spelling in
                (0...spelling.count).map { Array(spelling[..<$0]) + [mark] + Array(spelling[$0...]) }
            }
        }
        let names = spellings.map { "a" + String(String.UnicodeScalarView($0)) }
        #expect(names.count == 120 && Set(names).count == 1)
        let members = names.map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSONObject(parsing: Array("{\(members)}".utf8)).members.count == 120)
    }

    @Test(arguments: ["[]", "null", "1", #""{}""#, "[{}]"])
    func `a document that is no object is refused where one is asked for`(document: String) {
        #expect(throws: JSONError(.notAnObject, at: 0)) { try JSONObject(parsing: Array(document.utf8)) }
    }
}
