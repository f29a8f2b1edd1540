import HTTPEngine
import Linux
import Networking
import Operations
import TestKit
import Testing

/// Which pages of other sites may read the answers.
@Suite struct CrossOriginTests {
    typealias Origins = CrossOriginPolicy<HTTPExchange>.Origins

    static let listed = Origins(listed: ["https://app.example.com", "http://localhost:3000"])
    static let any = Origins(listed: [], allowsAny: true)

    static let allowed: [(Origins, String)] = [
        (listed, "https://app.example.com"), (listed, "http://localhost:3000"), (any, "https://app.example.com"),
        (any, "null"),
    ]
    static let refused = [
        "https://evil.example", "https://app.example.com.evil.example", "http://app.example.com",
        "https://app.example.com:8443", "https://APP.example.com", "https://app.example.com/", "null", "*", "",
    ]

    private static func expectNothingAllowed(_ fields: HTTPFields) {
        for (name, _) in fields.pairs { #expect(!name.lowercased().hasPrefix("access-control-")) }
        #expect(fields.single(.crossOriginResourcePolicy) == "same-origin")
    }

    @Test(arguments: TestDepth.allCases, allowed)
    func `a page of a listed site may read answers, errors as well`(
        _ depth: TestDepth,
        _ scenario: (origins: Origins, origin: String)
    ) async throws {
        try await withSample(depth, { $0.origins = scenario.origins }) { client, _ in
            for (target, status) in [("/plain", 200), ("/nowhere", 404), ("/failing", 500), ("/echo", 405)] {
                let answer = try await client.get(target, [.origin: scenario.origin])
                #expect(answer.status.code == status)
                #expect(answer.fields.values(.accessControlAllowOrigin) == [scenario.origin])
                #expect(answer.fields[.accessControlExposeHeaders]?.contains("X-Request-ID") == true)
                #expect(answer.fields.list(.vary).contains("Origin"))
                #expect(answer.fields.values(.crossOriginResourcePolicy) == ["cross-origin"])
                #expect(!answer.fields.contains(.accessControlAllowCredentials))
            }
        }
    }

    @Test(arguments: TestDepth.allCases, refused)
    func `a page of any other site may not, and a cache knows it`(_ depth: TestDepth, _ origin: String) async throws {
        try await withSample(depth, { $0.origins = CrossOriginTests.listed }) { client, _ in
            let answer = try await client.get("/plain", [.origin: origin])
            #expect(answer.text == "plain" && answer.fields.list(.vary) == ["Origin"])
            CrossOriginTests.expectNothingAllowed(answer.fields)
            let preflight = try await client.send(
                .options,
                "/plain",
                [.origin: origin, .accessControlRequestMethod: "PUT"]
            )
            CrossOriginTests.expectNothingAllowed(preflight.fields)
            #expect(preflight.fields.list(.vary) == ["Origin"])
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `no Origin, and two of them, allow nothing`(_ depth: TestDepth) async throws {
        try await withSample(depth, { $0.origins = CrossOriginTests.listed }) { client, _ in
            let good = "https://app.example.com"
            let answers = [
                try await client.get("/plain"),
                try await client.get("/plain", [.origin: good, .origin: "https://evil.example"]),
                try await client.get("/plain", [.origin: good, .origin: good]),
            ]
            for answer in answers {
                CrossOriginTests.expectNothingAllowed(answer.fields)
                #expect(answer.fields.list(.vary) == ["Origin"])
            }
        }
    }

    @Test(arguments: TestDepth.allCases, allowed)
    func `a preflight of a listed site is answered without asking the route`(
        _ depth: TestDepth,
        _ scenario: (origins: Origins, origin: String)
    ) async throws {
        try await withSample(depth, { $0.origins = scenario.origins }) { client, sample in
            for target in ["/plain", "/failing", "/nowhere"] {
                let answer = try await client.send(
                    .options,
                    target,
                    [
                        .origin: scenario.origin, .accessControlRequestMethod: "PUT",
                        .accessControlRequestHeaders: "authorization",
                    ]
                )
                #expect(answer.status == .noContent)
                #expect(answer.fields.values(.accessControlAllowOrigin) == [scenario.origin])
                #expect(answer.fields.list(.accessControlAllowMethods).contains("DELETE"))
                #expect(answer.fields.list(.accessControlAllowHeaders).contains("Authorization"))
                #expect(answer.fields[.accessControlMaxAge] == "600")
                #expect(answer.fields.list(.vary).contains("Origin"))
                #expect(!answer.fields.contains(.accessControlAllowCredentials) && !answer.fields.contains(.allow))
            }
            #expect(!sample.sink.contains("request failed"))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `OPTIONS that is no preflight is answered by the router`(_ depth: TestDepth) async throws {
        try await withSample(depth, { $0.origins = CrossOriginTests.listed }) { client, _ in
            let answer = try await client.send(.options, "/plain", [.origin: "https://app.example.com"])
            #expect(answer.fields[.allow] == "GET, HEAD, PUT, OPTIONS")
            #expect(!answer.fields.contains(.accessControlAllowMethods))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `what an answer varies by already stays`(_ depth: TestDepth) async throws {
        try await withSample(depth, { $0.origins = CrossOriginTests.listed }) { client, _ in
            let answer = try await client.get("/own")
            #expect(answer.fields.list(.vary) == ["Accept", "Origin"])
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `where no site is listed nothing is said about it`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, _ in
            let answer = try await client.get("/plain", [.origin: "https://app.example.com"])
            CrossOriginTests.expectNothingAllowed(answer.fields)
            #expect(!answer.fields.contains(.vary))
        }
    }
}
