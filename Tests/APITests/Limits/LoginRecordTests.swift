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
        #expect(String(decoding: record.bytes, as: UTF8.self) == "12 1790000000000000 1 1790000000000007")
        for text in ["", "1", "1 2 3", "1 2 3 4 5", "a b c d", "-1 2 3 4", "1 2 3 99999999999999999999"] {
            #expect(LoginRecord(bytes: Array(text.utf8)) == nil, "\(text)")
        }
    }
}
