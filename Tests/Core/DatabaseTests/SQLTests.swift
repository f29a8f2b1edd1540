import Database
import Linux
import Testing

@Suite struct SQLTests {
    @Test func `what is interpolated becomes a parameter`() {
        let name = "Robert'); DROP TABLE students;--"
        let statement: SQL = "SELECT * FROM students WHERE name = \(name) AND age > \(7) AND left_at = \(nil as Int?)"
        #expect(statement.text == "SELECT * FROM students WHERE name = $1 AND age > $2 AND left_at = $3")
        #expect(statement.binds == [.text(name), .integer(7), .null])
    }

    @Test func `pieces are joined and their parameters numbered anew`() {
        let pieces: [SQL] = ["a = \(1)", "b IS NULL", "c IN (\(2), \(3))"]
        let statement: SQL = "SELECT \(0) WHERE \(.joined(pieces, by: " AND ")) LIMIT \(4)"
        #expect(statement.text == "SELECT $1 WHERE a = $2 AND b IS NULL AND c IN ($3, $4) LIMIT $5")
        #expect(statement.binds == [0, 1, 2, 3, 4].map { .integer($0) })
    }

    @Test func `a page is bounded in the text, and its beginning is a parameter`() {
        let first: SQL = "SELECT 1 WHERE a = \(5) \(.limit(20, offset: 0))"
        #expect(first.text == "SELECT 1 WHERE a = $1 LIMIT 20" && first.binds == [.integer(5)])
        let second: SQL = "SELECT 1 WHERE a = \(5) \(.limit(20, offset: 40))"
        #expect(second.text == "SELECT 1 WHERE a = $1 LIMIT 20 OFFSET $2")
        #expect(second.binds == [.integer(5), .integer(40)])
    }

    @Test func `a statement prints no data`() {
        let statement: SQL = "UPDATE users SET password = \("hunter2")"
        #expect(!"\(statement)".contains("hunter2"))
        #expect(!"\(statement.binds)".contains("hunter2"))
    }
}

@Suite struct UUIDTests {
    @Test func `it is written and read in the usual form`() throws {
        let text = "0190163d-8694-739b-aea5-966c26f8ad91"
        let identifier = try #require(UUID(text))
        #expect(identifier.description == text)
        #expect(UUID(bytes: identifier.bytes) == identifier)
        #expect(UUID(text.uppercased()) == identifier)
    }

    @Test(arguments: [
        "", "0190163d8694739baea5966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad9",
        "0190163d-8694-739b-aea5-966c26f8ad911",
        "0190163g-8694-739b-aea5-966c26f8ad91", "{0190163d-8694-739b-aea5-966c26f8ad9}",
        "0190163d_8694-739b-aea5-966c26f8ad91",
        "0190163d-8694-739b-aea5-966c26f8ad９1",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(UUID(text) == nil)
    }

    @Test func `later ones sort behind earlier ones`() {
        var random = SystemRandomNumberGenerator()
        var previous = UUID(time: WallTime(seconds: 0), using: &random).description
        for second in 1..<200 {
            let next = UUID(time: WallTime(seconds: Int64(second) * 10_000_000), using: &random).description
            #expect(previous < next)
            #expect(next.dropFirst(14).first == "7" && "89ab".contains(next[next.index(next.startIndex, offsetBy: 19)]))
            previous = next
        }
    }
}

@Suite struct WallTimeMicrosecondsTests {
    @Test(arguments: [0, 1, -1, 1_768_473_000_123_456, -62_135_596_800_000_000])
    func `times go to microseconds and back`(_ microseconds: Int64) {
        #expect(WallTime(microseconds: microseconds).microseconds == microseconds)
    }
}
