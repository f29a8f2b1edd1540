import Database
import Ephemeral
import Linux
import Networking
import Redis
import TestKit
import Testing

@testable import API

@Suite struct RequestLimitsTests {
    typealias Kind = LimitBench.Kind

    private static let alice = LimitSubject.user(UUID(high: 1, low: 1))

    private static func address(_ text: String) throws -> LimitSubject {
        let address: IPAddress = try #require(IPAddress(text))
        return .address(address)
    }

    /// How many of `count` checks are let through.
    private static func allowed(_ limits: RequestLimits, _ subject: LimitSubject, _ count: Int) async -> Int {
        var allowed = 0
        for _ in 0..<count where (try? await limits.check(subject)) != nil { allowed += 1 }
        return allowed
    }

    @Test(arguments: Kind.allCases)
    func `the limit is exact, at its last request and at its last microsecond`(_ kind: Kind) async throws {
        let settings = try LimitSettingsTests.read(["RATE_LIMIT_PER_MINUTE": "3"])
        try await LimitBench.with(kind) { bench in
            let limits = try bench.limits(settings)
            let subject = try RequestLimitsTests.address("192.0.2.1")
            let policy = #""minute";q=3;w=60, "hour";q=1000;w=3600, "day";q=10000;w=86400"#
            for state in [#""minute";r=2"#, #""minute";r=1"#, #""minute";r=0;t=60"#] {
                #expect(try await limits.check(subject) == LimitReport(policy: policy, state: state))
            }
            for (step, wait) in [(Duration.zero, Duration.seconds(60)), (.microseconds(59_999_999), .microseconds(1))] {
                bench.advance(by: step)
                let state = #""minute";r=0;t=\#(wait.wholeSecondsUp)"#
                let refusal = RateLimitExceeded(report: LimitReport(policy: policy, state: state), retryAfter: wait)
                await #expect(throws: refusal) { _ = try await limits.check(subject) }
            }
            bench.advance(by: .microseconds(1))
            #expect(await RequestLimitsTests.allowed(limits, subject, 5) == 3)
        }
    }

    @Test(arguments: Kind.allCases)
    func `the longer windows hold when the short one has room again`(_ kind: Kind) async throws {
        let settings = try LimitSettingsTests.read([
            "RATE_LIMIT_PER_MINUTE": "4", "RATE_LIMIT_PER_HOUR": "6", "RATE_LIMIT_PER_DAY": "7",
        ])
        try await LimitBench.with(kind) { bench in
            let limits = try bench.limits(settings)
            let subject = try RequestLimitsTests.address("192.0.2.1")
            #expect(await RequestLimitsTests.allowed(limits, subject, 10) == 4)
            bench.advance(by: .seconds(60))
            #expect(await RequestLimitsTests.allowed(limits, subject, 10) == 2)
            bench.advance(by: .seconds(3_600))
            #expect(await RequestLimitsTests.allowed(limits, subject, 10) == 1)
            bench.advance(by: .seconds(86_400))
            #expect(await RequestLimitsTests.allowed(limits, subject, 10) == 4)
        }
    }

    @Test(arguments: Kind.allCases)
    func `one customer is one subject, whatever they write their address like`(_ kind: Kind) async throws {
        let settings = try LimitSettingsTests.read(["RATE_LIMIT_PER_MINUTE": "4", "RATE_LIMIT_USER_FACTOR": "2"])
        try await LimitBench.with(kind) { bench in
            let limits = try bench.limits(settings)
            let groups = [
                ["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201", "192.0.2.1"], ["192.0.2.2"],
                ["2001:db8:0:1::", "2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:DB8::1:0:0:0:7"],
                ["2001:db8:0:2::1"], ["2001:db8::1"], ["::1"],
            ]
            for group in groups {
                var allowed = 0
                for round in 0..<3 {
                    for text in group {
                        let subject = try RequestLimitsTests.address(text)
                        allowed += await RequestLimitsTests.allowed(limits, subject, round == 2 ? 4 : 1)
                    }
                }
                #expect(allowed == 4, "\(group)")
            }
            #expect(await RequestLimitsTests.allowed(limits, .address(nil), 9) == 4)
            #expect(await RequestLimitsTests.allowed(limits, RequestLimitsTests.alice, 20) == 8)
            #expect(await RequestLimitsTests.allowed(limits, .user(UUID(high: 1, low: 2)), 20) == 8)
        }
    }

    @Test(arguments: Kind.allCases)
    func `classes do not share, and each has its own limit`(_ kind: Kind) async throws {
        let settings = try LimitSettingsTests.read([
            "RATE_LIMIT_PER_MINUTE": "5", "RATE_LIMIT_LOGIN": "1/minute", "RATE_LIMIT_SIGNUP": "2/hour",
            "RATE_LIMIT_REFRESH": "3/day",
        ])
        try await LimitBench.with(kind) { bench in
            let limits = try bench.limits(settings)
            let subject = try RequestLimitsTests.address("192.0.2.1")
            for (limitClass, limit) in [(LimitClass.login, 1), (.signUp, 2), (.refresh, 3), (.general, 5)] {
                var allowed = 0
                for _ in 0..<9 where (try? await limits.check(subject, limitClass)) != nil { allowed += 1 }
                #expect(allowed == limit, "\(limitClass)")
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `parallel requests on two instances get no more than one after the other`(_ kind: Kind) async throws {
        let settings = try LimitSettingsTests.read(["RATE_LIMIT_PER_MINUTE": "10"])
        try await LimitBench.with(kind) { bench in
            let instances = [try bench.limits(settings), try bench.limits(settings)]
            let confined = LoopBound(instances, on: bench.loop)
            let subject = try RequestLimitsTests.address("192.0.2.1")
            let tasks = (0..<64).map { number in
                bench.loop.spawn { (try? await confined.value[number % 2].check(subject)) != nil }
            }
            var allowed = 0
            for task in tasks where await task.value { allowed += 1 }
            #expect(allowed == 10)
        }
    }

    @Test(arguments: Kind.allCases)
    func `what is switched off counts nothing and says nothing`(_ kind: Kind) async throws {
        let settings = try LimitSettingsTests.read(["RATE_LIMIT_ENABLED": "false", "RATE_LIMIT_PER_MINUTE": "1"])
        try await LimitBench.with(kind) { bench in
            let limits = try bench.limits(settings)
            for _ in 0..<5 {
                #expect(try await limits.check(RequestLimitsTests.alice) == nil)
                let both = try await limits.check(RequestLimitsTests.alice, alongside: { 7 })
                #expect(both.value == 7 && both.report == nil)
            }
            #expect(bench.memory.count == 0)
        }
    }

    @Test func `while the shared store is away there are still limits`() async throws {
        let settings = try LimitSettingsTests.read(["RATE_LIMIT_PER_MINUTE": "3"])
        try await LimitBench.with(.redis) { bench in
            let limits = try bench.limits(settings)
            let subject = try RequestLimitsTests.address("192.0.2.1")
            #expect(await RequestLimitsTests.allowed(limits, subject, 2) == 2)
            bench.redis?.kill()
            // From nothing, and no further than the limit.
            #expect(await RequestLimitsTests.allowed(limits, subject, 10) == 3)
        }
    }

    @Test(arguments: Kind.allCases)
    func `an error of what goes alongside comes first, and the request is not counted`(_ kind: Kind) async throws {
        struct Refused: Error {}
        let settings = try LimitSettingsTests.read(["RATE_LIMIT_PER_MINUTE": "2", "RATE_LIMIT_USER_FACTOR": "1"])
        try await LimitBench.with(kind) { bench in
            let limits = try bench.limits(settings)
            let alice = RequestLimitsTests.alice
            let first = try await limits.check(alice, alongside: { "value" })
            #expect(first.value == "value" && first.report?.state == #""minute";r=1"#)
            for _ in 0..<5 {
                await #expect(throws: Refused.self) {
                    _ = try await limits.check(alice, alongside: { throw Refused() })
                }
            }
            #expect(try await limits.check(alice)?.state == #""minute";r=0;t=60"#)
            await #expect(throws: RateLimitExceeded.self) { _ = try await limits.check(alice, alongside: { 1 }) }
            // One that was not counted takes nothing back.
            await #expect(throws: Refused.self) { _ = try await limits.check(alice, alongside: { throw Refused() }) }
            await #expect(throws: RateLimitExceeded.self) { _ = try await limits.check(alice) }
        }
    }

    @Test func `the look-up and the hit arrive at Redis in one piece`() async throws {
        let settings = try LimitSettingsTests.read([:])
        try await LimitBench.with(.redis) { bench in
            let limits = try bench.limits(settings)
            let redis = try #require(bench.lastStore as? RedisStore)
            // The script is sent once, before anybody counts.
            _ = try await limits.check(RequestLimitsTests.alice, alongside: { try await redis.get(["a", "b", "c"]) })
            let before = try await RequestLimitsTests.reads(redis)
            for _ in 0..<10 {
                _ = try await limits.check(
                    RequestLimitsTests.alice,
                    alongside: { try await redis.get(["a", "b", "c"]) }
                )
            }
            // The question itself is read as well.
            #expect(try await RequestLimitsTests.reads(redis) - before == 10 + 1)
        }
    }

    /// How often the server has read from a connection.
    private static func reads(_ redis: RedisStore) async throws -> Int {
        guard case .bulk(let text) = try await redis.connection.send(RedisCommand("INFO", ["stats"])) else { return 0 }
        let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
        let line = try #require(lines.first { $0.hasPrefix("total_reads_processed:") })
        return try #require(Int(line.dropFirst("total_reads_processed:".count)))
    }
}
