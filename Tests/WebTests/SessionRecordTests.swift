import Contract
import JSON
import Linux
import Testing

@testable import Web

@Suite struct SessionRecordTests {
    private static let start = WallTime(seconds: 1_700_000_000)
    private static let life = SessionLife(idle: .seconds(600), longest: .seconds(6_000))

    private static func tokens(_ name: String, expiresIn: Int = 900) -> TokensBody {
        TokensBody(accessToken: name, refreshToken: name + "-refresh", expiresIn: expiresIn, user: .example)
    }

    @Test(arguments: [true, false]) func `a record is read as it was written`(isKept: Bool) {
        let record = SessionRecord(SessionRecordTests.tokens("a"), isKept: isKept, at: SessionRecordTests.start)
        #expect(SessionRecord(parsing: record.json) == record)
    }

    @Test func `what another version wrote, or nobody, is no record`() {
        let record = SessionRecord(SessionRecordTests.tokens("a"), isKept: false, at: SessionRecordTests.start)
        let text = String(decoding: record.json, as: UTF8.self)
        for name in ["version", "access_token", "refresh_token", "renewal", "user", "is_kept", "start", "last_use"] {
            let without = text.replacing("\"\(name)\":", with: "\"another\":")
            #expect(without != text && SessionRecord(parsing: Array(without.utf8)) == nil, "\(name)")
        }
        #expect(SessionRecord(parsing: Array(text.replacing("\"version\":1", with: "\"version\":2").utf8)) == nil)
        for length in 0..<record.json.count {
            #expect(SessionRecord(parsing: Array(record.json.prefix(length))) == nil)
        }
    }

    @Test(arguments: [(900, 885), (60, 45), (40, 30), (10, 8), (4, 3), (1, 1), (0, 0), (-5, 0)])
    func `tokens are exchanged a little before they are over`(expiresIn: Int, renewal: Int64) {
        let tokens = SessionRecordTests.tokens("a", expiresIn: expiresIn)
        let record = SessionRecord(tokens, isKept: false, at: SessionRecordTests.start)
        #expect(record.renewal == WallTime(seconds: SessionRecordTests.start.seconds + renewal))
    }

    @Test func `the next tokens take the place of the former, and the time of the sign-in stays`() {
        var record = SessionRecord(SessionRecordTests.tokens("a"), isKept: true, at: SessionRecordTests.start)
        let later = SessionRecordTests.start + .seconds(1_000)
        record.take(SessionRecordTests.tokens("b"), at: later)
        #expect(record.accessToken == "b" && record.refreshToken == "b-refresh")
        #expect(record.start == SessionRecordTests.start && record.lastUse == later && record.isKept)
        #expect(record.renewal == later + .seconds(885))
    }

    @Test func `what is left of a session is the sooner of its two ends`() {
        let (start, life) = (SessionRecordTests.start, SessionRecordTests.life)
        var record = SessionRecord(SessionRecordTests.tokens("a"), isKept: false, at: start)
        #expect(life.remainder(of: record, at: start) == .seconds(600))
        #expect(life.remainder(of: record, at: start + .milliseconds(599_999)) == .milliseconds(1))
        #expect(life.remainder(of: record, at: start + .seconds(600)) == nil)
        record.noteUse(at: start + .seconds(5_900))
        #expect(life.remainder(of: record, at: start + .seconds(5_900)) == .seconds(100))
        #expect(life.remainder(of: record, at: start + .seconds(6_000)) == nil)
        let kept = SessionRecord(SessionRecordTests.tokens("a"), isKept: true, at: start)
        #expect(life.remainder(of: kept, at: start + .seconds(5_999)) == .seconds(1))
        #expect(life.remainder(of: kept, at: start + .seconds(6_000)) == nil)
        // A clock that was set back does no harm.
        #expect(life.remainder(of: kept, at: start - .seconds(10)) == .seconds(6_010))
    }

    @Test func `the last use is noted now and then, and not of a session that is kept`() {
        let (start, life) = (SessionRecordTests.start, SessionRecordTests.life)
        let record = SessionRecord(SessionRecordTests.tokens("a"), isKept: false, at: start)
        #expect(!life.isUseWorthNoting(record, at: start + .seconds(30)))
        #expect(life.isUseWorthNoting(record, at: start + .seconds(31)))
        let kept = SessionRecord(SessionRecordTests.tokens("a"), isKept: true, at: start)
        #expect(!life.isUseWorthNoting(kept, at: start + .seconds(5_000)))
    }
}
