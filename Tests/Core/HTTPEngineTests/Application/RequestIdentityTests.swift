import HTTPEngine
import Linux
import Networking
import Operations
import TestKit
import Testing

/// What a request is called, whom it comes from, and whose word counts for that.
@Suite struct RequestIdentityTests {
    private static func isMade(_ id: String) -> Bool {
        id.utf8.count == 32 && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    @Test(arguments: TestDepth.allCases)
    func `every answer says its request's id, once, and no two are the same`(_ depth: TestDepth) async throws {
        try await withSample(depth) { client, sample in
            var ids: Set<String> = []
            let targets = ["/plain", "/nowhere", "/failing", "/echo", "/busy", "/%zz", "/own"]
            for target in targets {
                let response = try await client.get(target)
                let id = try #require(response.fields.single(.xRequestID))
                #expect(RequestIdentityTests.isMade(id))
                #expect(sample.sink.lines.last?.contains("request_id=\(id) ") == true)
                ids.insert(id)
            }
            #expect(ids.count == targets.count)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a trusted proxy names the request`(_ depth: TestDepth) async throws {
        let longest = String(repeating: "a", count: 128)
        try await withSample(depth, { $0.proxies = .here }) { client, sample in
            for id in ["from-nginx", "A.b_c-9", "1", longest] {
                let response = try await client.get("/who", [.xRequestID: id])
                #expect(response.fields.values(.xRequestID) == [id])
                #expect(response.text.hasSuffix(" \(id)"))
                #expect(sample.sink.contains("request_id=\(id) "))
            }
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `a name from anybody else is replaced`(_ depth: TestDepth) async throws {
        try await withSample(depth, { $0.proxies = .elsewhere }) { client, sample in
            let response = try await client.get("/who", [.xRequestID: "forged"])
            #expect(RequestIdentityTests.isMade(response.fields[.xRequestID] ?? ""))
            #expect(!response.text.contains("forged") && !sample.sink.contains("forged"))
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `an odd name is replaced, whoever gave it`(_ depth: TestDepth) async throws {
        let odd = ["", "a b", "a\tb", "a=b", "a\"b", "a;b", "{}", "ä", String(repeating: "a", count: 129), "<b>"]
        try await withSample(depth, { $0.proxies = .here }) { client, _ in
            for id in odd {
                let response = try await client.get("/who", [.xRequestID: id])
                #expect(RequestIdentityTests.isMade(response.fields.single(.xRequestID) ?? ""), "\(id)")
            }
        }
    }

    struct Forwarding: Sendable {
        let proxies: TrustedProxies
        let fields: HTTPFields
        let client: String
        let isSecure: Bool
    }

    static let forwardings = [
        Forwarding(proxies: .here, fields: [:], client: "127.0.0.1", isSecure: false),
        Forwarding(proxies: .here, fields: [.xForwardedFor: "192.0.2.7"], client: "192.0.2.7", isSecure: false),
        Forwarding(
            proxies: .here,
            fields: [.xForwardedFor: "6.6.6.6, 192.0.2.7"],
            client: "192.0.2.7",
            isSecure: false
        ),
        Forwarding(
            proxies: .here,
            fields: [.xForwardedFor: "6.6.6.6", .xForwardedFor: "192.0.2.7, 10.1.1.1", .xForwardedProto: "https"],
            client: "192.0.2.7",
            isSecure: true
        ),
        Forwarding(proxies: .here, fields: [.xForwardedFor: "2001:db8::1"], client: "2001:db8::1", isSecure: false),
        Forwarding(proxies: .here, fields: [.xForwardedFor: "rubbish"], client: "127.0.0.1", isSecure: false),
        Forwarding(proxies: .here, fields: [.xForwardedProto: "http"], client: "127.0.0.1", isSecure: false),
        Forwarding(proxies: .here, fields: [.xForwardedProto: "https, http"], client: "127.0.0.1", isSecure: false),
        Forwarding(
            proxies: .elsewhere,
            fields: [.xForwardedFor: "192.0.2.7", .xForwardedProto: "https"],
            client: "127.0.0.1",
            isSecure: false
        ),
    ]

    @Test(arguments: TestDepth.allCases, forwardings)
    func `who asks, and how, is what trusted proxies say, and the log says it too`(
        _ depth: TestDepth,
        _ forwarding: Forwarding
    ) async throws {
        try await withSample(depth, { $0.proxies = forwarding.proxies }) { client, sample in
            let response = try await client.get("/who", forwarding.fields)
            #expect(response.text.hasPrefix("\(forwarding.client) \(forwarding.isSecure) "))
            #expect(sample.sink.lines.count == 1)
            #expect(sample.sink.contains(" client=\(forwarding.client)"))
            #expect(!sample.sink.contains("6.6.6.6"))
            // https is what makes browsers keep to it, and only a trusted proxy can say that it was.
            let expected = forwarding.isSecure ? SampleApplication.hsts : nil
            #expect(response.fields.single(.strictTransportSecurity) == expected)
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `the trace goes on, untouched, under this request's id`(_ depth: TestDepth) async throws {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try await withSample(depth, { $0.proxies = .here }) { client, _ in
            let traced = try await client.get(
                "/trace",
                [.traceparent: parent, .tracestate: "a=b,c=d", .xRequestID: "named", .cookie: "secret=1"]
            )
            #expect(
                Set(traced.text.split(separator: "\n"))
                    == ["X-Request-ID=named", "traceparent=\(parent)", "tracestate=a=b,c=d"]
            )
            let twice = try await client.get("/trace", [.traceparent: parent, .traceparent: parent])
            #expect(!twice.text.contains(parent))
        }
    }
}
