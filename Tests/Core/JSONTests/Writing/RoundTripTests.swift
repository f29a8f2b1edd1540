import Testing
import Text

@testable import JSON

@Suite struct RoundTripTests {
    @Test func `what is written reads as what was written`() throws {
        var numbers = Numbered(seed: 7159)
        for _ in 0..<3_000 {
            let value = RoundTripTests.anyValue(depth: 4, &numbers)
            let read = try JSONValue(parsing: value.json)
            #expect(read.hasSameBytes(as: value))
        }
    }

    @Test func `every Double comes back to the bit`() throws {
        var numbers = Numbered(seed: 754)
        var tried = 0
        while tried < 5_000 {
            let number = Double(bitPattern: numbers.next())
            guard number.isFinite else { continue }
            tried += 1
            guard case .number(let read) = try JSONValue(parsing: number.json) else {
                Issue.record("\(number) is not read as a number")
                continue
            }
            #expect(read.bitPattern == number.bitPattern)
        }
    }

    @Test func `every character comes back, in a name and in a value`() throws {
        for start in stride(from: UInt32(0), through: 0x10FFFF, by: 0x400) {
            // One by one: no text has that many marks behind each other.
            let scalars = (start..<start + 0x400).compactMap(Unicode.Scalar.init).reduce(into: [Unicode.Scalar]()) {
                $0 += [$1, "a"]
            }
            let text = String(String.UnicodeScalarView(scalars))
            let written = JSONFragment { $0.object { $0.member(text, text) } }
            let member = try #require(try JSONObject(parsing: written.bytes).members.first)
            #expect(member.name.hasSameBytes(as: text), "from \(start)")
            #expect(member.value.string?.hasSameBytes(as: text) == true, "from \(start)")
        }
    }

    private static func anyValue(depth: Int, _ numbers: inout Numbered) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &numbers) {
        case 0: return .null
        case 1: return .boolean(.random(using: &numbers))
        case 2: return .integer(Int64(truncatingIfNeeded: numbers.next()) >> Int64.random(in: 0...63, using: &numbers))
        case 3: return .number(.random(in: -1e6...1e6, using: &numbers))
        case 4, 5: return .string(anyText(&numbers))
        case 6:
            return .array(
                (0..<Int.random(in: 0...5, using: &numbers)).map { _ in anyValue(depth: depth - 1, &numbers) }
            )
        default:
            let count = Int.random(in: 0...24, using: &numbers)
            let members = (0..<count).map { ("\($0)" + anyText(&numbers), anyValue(depth: depth - 2, &numbers)) }
            return .object(JSONObject(members))
        }
    }

    private static func anyText(_ numbers: inout Numbered) -> String {
        let characters: [Character] = ["a", "\"", "\\", "/", "\n", "\0", "\u{1F}", "é", "€", "🔑", "<", "\u{301}", " "]
        return String(
            (0..<Int.random(in: 0...20, using: &numbers)).map { _ in
                characters[Int.random(in: characters.indices, using: &numbers)]
            }
        )
    }
}
