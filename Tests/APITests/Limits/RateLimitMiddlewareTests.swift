import Database
import Ephemeral
import HTTPEngine
import Linux
import Networking
import Operations
import TestKit
import Testing

@testable import API

@Suite struct RateLimitMiddlewareTests {
    private static let limits = [
        "RATE_LIMIT_PER_MINUTE": "3", "RATE_LIMIT_USER_FACTOR": "2", "RATE_LIMIT_LOGIN": "1/minute",
    ]

    private static func from(_ address: String, _ token: String? = nil) -> HTTPFields {
        var fields: HTTPFields = [.xForwardedFor: address]
        if let token { fields.append(.authorization, "Bearer \(token)") }
        return fields
    }

    @Test(arguments: TestDepth.allCases)
    func `answers say what is left, and one too many is refused before anything is done`(_ depth: TestDepth)
        async throws
    {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits) { client, api in
            let fields = RateLimitMiddlewareTests.from("192.0.2.1")
            for state in [#""minute";r=2"#, #""minute";r=1"#, #""minute";r=0;t=60"#] {
                let answer = try await client.get("/open", fields)
                #expect(answer.status == .ok)
                #expect(answer.fields.values(.rateLimit) == [state])
                #expect(
                    answer.fields.values(.rateLimitPolicy) == [
                        #""minute";q=3;w=60, "hour";q=1000;w=3600, "day";q=10000;w=86400"#
                    ]
                )
                #expect(!answer.fields.contains(.retryAfter))
            }
            api.advance(by: .milliseconds(10_500))
            let refusal = try await client.get("/open", fields)
            #expect(refusal.status == .tooManyRequests)
            #expect(refusal.fields.values(.retryAfter) == ["50"])
            #expect(refusal.fields.values(.rateLimit) == [#""minute";r=0;t=50"#])
            #expect(refusal.text.contains(#""code":"RATE_LIMIT_EXCEEDED""#))
            #expect(api.handled == 3)
            #expect(try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.2")).status == .ok)
            api.advance(by: .milliseconds(49_500))
            #expect(try await client.get("/open", fields).status == .ok)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `health is never counted and never refused`(_ depth: TestDepth) async throws {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits) { client, _ in
            let fields = RateLimitMiddlewareTests.from("192.0.2.1")
            for _ in 0..<10 {
                let answer = try await client.get("/health", fields)
                #expect(answer.status == .ok)
                #expect(!answer.fields.contains(.rateLimit) && !answer.fields.contains(.rateLimitPolicy))
            }
            for _ in 0..<3 { #expect(try await client.get("/open", fields).status == .ok) }
            #expect(try await client.get("/open", fields).status == .tooManyRequests)
            #expect(try await client.get("/health", fields).status == .ok)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `what is not there counts as well, and says what is left`(_ depth: TestDepth) async throws {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits) { client, _ in
            let fields = RateLimitMiddlewareTests.from("192.0.2.1")
            #expect(try await client.get("/nothing", fields).fields.values(.rateLimit) == [#""minute";r=2"#])
            #expect(try await client.send(.delete, "/open", fields).status == .methodNotAllowed)
            let failure = try await client.get("/broken", fields)
            #expect(failure.status == .internalServerError)
            #expect(failure.fields.values(.rateLimit) == [#""minute";r=0;t=60"#])
            for target in ["/nothing", "/open", "/broken", "/mine"] {
                #expect(try await client.get(target, fields).status == .tooManyRequests, "\(target)")
            }
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a user is counted wherever they come from, and not against the address`(_ depth: TestDepth) async throws {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits) { client, api in
            for number in 0..<6 {
                let answer = try await client.get("/mine", RateLimitMiddlewareTests.from("192.0.2.\(number)", "1"))
                #expect(answer.status == .ok)
                #expect(answer.fields[.rateLimitPolicy]?.hasPrefix(#""minute";q=6;w=60, "hour";q=2000;"#) == true)
            }
            let refusal = try await client.get("/mine", RateLimitMiddlewareTests.from("192.0.2.7", "1"))
            #expect(refusal.status == .tooManyRequests)
            #expect(refusal.fields.values(.rateLimit) == [#""minute";r=0;t=60"#])
            #expect(refusal.fields.values(.retryAfter) == ["60"])
            #expect(api.handled == 6)
            #expect(try await client.get("/mine", RateLimitMiddlewareTests.from("192.0.2.7", "2")).status == .ok)
            let anonymous = try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.7"))
            #expect(anonymous.fields.values(.rateLimit) == [#""minute";r=2"#], "nothing was charged to the address")
        }
    }

    @Test(arguments: TestDepth.allCases, ["forged", "revoked"])
    func `refused tokens count against the address, and do not lock out its users`(
        _ depth: TestDepth,
        _ token: String
    ) async throws {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits) { client, api in
            let fields = RateLimitMiddlewareTests.from("192.0.2.1", token)
            for state in [#""minute";r=2"#, #""minute";r=1"#, #""minute";r=0;t=60"#] {
                let answer = try await client.get("/mine", fields)
                #expect(answer.status == .unauthorized)
                #expect(answer.fields.values(.rateLimit) == [state])
                #expect(answer.fields[.rateLimitPolicy]?.hasPrefix(#""minute";q=3;"#) == true)
            }
            for _ in 0..<3 {
                let refusal = try await client.get("/mine", fields)
                #expect(refusal.status == .tooManyRequests)
                #expect(refusal.fields.values(.retryAfter) == ["60"])
            }
            let anonymous = try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.1"))
            #expect(anonymous.status == .tooManyRequests)
            #expect(api.handled == 0)
            #expect(try await client.get("/mine", RateLimitMiddlewareTests.from("192.0.2.1", "1")).status == .ok)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a token that could not be checked is charged to nobody`(_ depth: TestDepth) async throws {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits) { client, _ in
            for _ in 0..<5 {
                let answer = try await client.get("/mine", RateLimitMiddlewareTests.from("192.0.2.1", "away"))
                #expect(answer.status == .serviceUnavailable && !answer.fields.contains(.rateLimit))
            }
            let answer = try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.1"))
            #expect(answer.fields.values(.rateLimit) == [#""minute";r=2"#])
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a token does not get around the limit of what needs none`(_ depth: TestDepth) async throws {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits) { client, api in
            for token in ["1", "2", "forged", "3"] {
                let isFirst = token == "1"
                let answer = try await client.send(.post, "/login", RateLimitMiddlewareTests.from("192.0.2.1", token))
                #expect(answer.status == (isFirst ? .ok : .tooManyRequests))
                #expect(answer.fields.values(.rateLimitPolicy) == [#""minute";q=1;w=60"#])
            }
            #expect(api.handled == 1)
            for token in ["1", "2", "3"] {
                #expect(try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.1", token)).status == .ok)
            }
            let last = try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.1", "4"))
            #expect(last.status == .tooManyRequests)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a forwarded address counts only when a trusted proxy names it`(_ depth: TestDepth) async throws {
        try await withLimitedAPI(depth, RateLimitMiddlewareTests.limits, trusted: []) { client, _ in
            for number in 0..<3 {
                #expect(try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.\(number)")).status == .ok)
            }
            let last = try await client.get("/open", RateLimitMiddlewareTests.from("192.0.2.9"))
            #expect(last.status == .tooManyRequests)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `switched off, nothing is refused and nothing said`(_ depth: TestDepth) async throws {
        var limits = RateLimitMiddlewareTests.limits
        limits["RATE_LIMIT_ENABLED"] = "no"
        try await withLimitedAPI(depth, limits) { client, _ in
            for token in [nil, "1", "forged"] {
                for _ in 0..<10 {
                    let answer = try await client.get("/mine", RateLimitMiddlewareTests.from("192.0.2.1", token))
                    #expect(answer.status == (token == "1" ? .ok : .unauthorized))
                    #expect(!answer.fields.contains(.rateLimit) && !answer.fields.contains(.rateLimitPolicy))
                }
            }
        }
    }
}
