import Database
import Linux
import Testing

@testable import API

@Suite struct LoginRecordTests {
    private let now = WallTime(seconds: 1_790_000_000)

    /// A record with so many failures, the last of them now.
    private func record(failures: Int) -> LoginRecord {
        var record = LoginRecord()
        for _ in 0..<failures { record.fail(at: now) }
        return record
    }

    @Test func `waits grow from the first to the longest and no further`() {
        let backoff = LoginBackoff()
        let waits = (0...20).map { backoff.wait(after: $0) }
        #expect(waits.prefix(5).allSatisfy { $0 == .zero })
        #expect(waits[5...14].map(\.components.seconds) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
        #expect(waits[15...].allSatisfy { $0 == .seconds(900) })
        #expect(backoff.wait(after: .max) == .seconds(900))
        var even = backoff
        even.factor = 1
        #expect(even.wait(after: 5) == .seconds(1) && even.wait(after: .max) == .seconds(1))
        #expect(backoff.forAddress.wait(after: 49) == .zero && backoff.forAddress.wait(after: 50) == .seconds(1))
    }

    @Test func `a wait is over at exactly its end, and one try may follow`() {
        let backoff = LoginBackoff()
        var record = record(failures: 6)
        #expect(record.standing(under: backoff, at: now) == .waiting(.seconds(2)))
        #expect(record.standing(under: backoff, at: now + .microseconds(1_999_999)) == .waiting(.microseconds(1)))
        let end = now + .seconds(2)
        #expect(record.standing(under: backoff, at: end) == .open)
        record.takePlace(at: end)
        #expect(record.standing(under: backoff, at: end) == .busy)
        record.fail(at: end)
        #expect(record.standing(under: backoff, at: end) == .waiting(.seconds(4)))
    }

    @Test func `a wait is news to the first who is told, and the next one again`() {
        let backoff = LoginBackoff()
        var record = record(failures: 5)
        #expect(record.standing(under: backoff, at: now) == .waiting(.seconds(1), isNews: true))
        record.refuse()
        #expect(record.standing(under: backoff, at: now) == .waiting(.seconds(1), isNews: false))
        let end = now + .seconds(1)
        record.takePlace(at: end)
        record.fail(at: end)
        #expect(record.standing(under: backoff, at: end) == .waiting(.seconds(2), isNews: true))
        record.refuse()
        // Nobody answers for this one: it becomes a failure, of the time at which it was taken.
        let last = end + .seconds(2)
        record.takePlace(at: last)
        record.bring(to: last + LoginRecord.patience, under: backoff)
        #expect(record.standing(under: backoff, at: last) == .waiting(.seconds(4), isNews: true))
    }

    @Test func `a record of an earlier version, without the last number, still counts`() throws {
        let record = try #require(LoginRecord(bytes: Array("6 \(now.microseconds) 0 0".utf8)))
        #expect(record.standing(under: LoginBackoff(), at: now) == .waiting(.seconds(2), isNews: true))
        #expect(LoginRecord(bytes: Array("6 1 0 0 2".utf8)) == nil && LoginRecord(bytes: Array("6 1 0".utf8)) == nil)
    }

    @Test func `places and failures together use up the tries`() {
        let backoff = LoginBackoff()
        var record = record(failures: 3)
        record.takePlace(at: now)
        #expect(record.standing(under: backoff, at: now) == .open)
        record.takePlace(at: now)
        #expect(record.standing(under: backoff, at: now) == .busy)
        record.leavePlace()
        #expect(record.standing(under: backoff, at: now) == .open)
        record.succeed()
        #expect((record.failures, record.places) == (2, 0))
        record.succeed()
        record.leavePlace()
        #expect((record.failures, record.places) == (1, 0))
    }

    @Test func `a try that is given back leaves the wait as it was`() {
        let backoff = LoginBackoff()
        var record = record(failures: 5)
        record.takePlace(at: now + .seconds(1))
        record.leavePlace()
        #expect(record.standing(under: backoff, at: now + .seconds(1)) == .open)
    }

    @Test func `what nobody answers for becomes a failure, and failures are forgotten`() {
        let backoff = LoginBackoff()
        var record = record(failures: 4)
        record.takePlace(at: now)
        let patience = LoginRecord.patience
        record.bring(to: now + patience - .microseconds(1), under: backoff)
        #expect((record.failures, record.places) == (4, 1))
        record.bring(to: now + patience, under: backoff)
        #expect((record.failures, record.places) == (5, 0))
        record.bring(to: now + backoff.forgetting - .microseconds(1), under: backoff)
        #expect(record.failures == 5)
        record.bring(to: now + backoff.forgetting, under: backoff)
        #expect(record.failures == 0)
    }

    @Test func `a clock that went back lets nobody wait longer than was meant`() {
        let backoff = LoginBackoff()
        #expect(
            record(failures: 6).standing(under: backoff, at: now - .seconds(100_000)) == .waiting(.seconds(2))
        )
    }

    @Test func `a record comes back as it was stored, and what is none is refused`() {
        var record = record(failures: 12)
        record.takePlace(at: now + .microseconds(7))
        #expect(LoginRecord(bytes: record.bytes) == record)
        #expect(String(decoding: record.bytes, as: UTF8.self) == "12 1790000000000000 1 1790000000000007 0")
        record.refuse()
        #expect(LoginRecord(bytes: record.bytes) == record)
        for text in [
            "", "1", "1 2 3", "1 2 3 4 2", "1 2 3 4 0 0", "a b c d e", "1 2 3 4 x", "-1 2 3 4 0",
            "1 2 3 99999999999999999999 0",
        ] {
            #expect(LoginRecord(bytes: Array(text.utf8)) == nil, "\(text)")
        }
    }
}
