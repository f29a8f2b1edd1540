import Database
import Linux
import Testing

@testable import Postgres

@Suite struct WaitingLineTests {
    private func time(_ second: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: second * 1_000_000_000) }

    private func name(_ waiter: WaitingLine.Waiter?) -> String? {
        guard case .statement(let request) = waiter else { return nil }
        return request.statement.text
    }

    @Test func `first come, first served, and who gave up is passed over`() {
        var line = WaitingLine()
        let requests = ["a", "b", "c", "d"].map { StatementRequest(SQL(literal: $0)) }
        for request in requests { line.append(.statement(request), deadline: time(9)) }
        requests[0].finish(.failure(DatabaseError(.cancelled)))
        requests[2].finish(.failure(DatabaseError(.cancelled)))
        var served: [String] = []
        while let waiter = line.first() {
            served.append(name(waiter) ?? "")
            line.removeFirst()
        }
        #expect(served == ["b", "d"])
        #expect(line.isEmpty)
    }

    @Test func `those whose time is over leave, wherever they stand`() {
        var line = WaitingLine()
        for (text, deadline) in [("a", 3), ("b", 1), ("c", 2), ("d", 4)] {
            line.append(.statement(StatementRequest(SQL(literal: text))), deadline: time(Int64(deadline)))
        }
        let (expired, next) = line.expire(at: time(2))
        #expect(expired.map { name($0) } == ["b", "c"])
        #expect(next == time(3))
        #expect(line.count == 2)
        #expect(line.expire(at: time(9)).next == .distantFuture)
        #expect(line.isEmpty)
    }

    @Test func `a long line keeps its order`() {
        var line = WaitingLine()
        for number in 0..<5_000 {
            line.append(.statement(StatementRequest(SQL(literal: "\(number)"))), deadline: time(9))
        }
        for number in 0..<5_000 {
            #expect(name(line.first()) == "\(number)")
            line.removeFirst()
        }
        #expect(line.isEmpty)
    }

    @Test func `attempts become rarer, but never rarer than one in a second, and start anew after a success`() {
        var backoff = ReconnectBackoff()
        var random = SystemRandomNumberGenerator()
        for expected in [50, 100, 200, 400, 800, 1_000, 1_000, 1_000] {
            let delay = backoff.next(using: &random)
            #expect(delay >= .milliseconds(expected / 2) && delay <= .milliseconds(expected))
        }
        for _ in 0..<100 { #expect(backoff.next(using: &random) <= .seconds(1)) }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(50))
    }
}
