import HTTPEngine
import Hosting
import Linux
import Operations
import TestKit
import Testing

@testable import API

@Suite struct APIConfigurationTests {
    private static func read(_ environment: [String: String]) throws -> APIConfiguration {
        let reader = ConfigurationReader(ConfigurationSource(environment: environment))
        let configuration = APIConfiguration(reader)
        try reader.finish()
        return configuration
    }

    @Test func `nothing needs to be configured`() throws {
        let configuration = try APIConfigurationTests.read([:])
        let host = configuration.host
        #expect(host.environment == .development && host.logLevel == .info && host.logFormat == .text)
        #expect(host.listen.description == "127.0.0.1:5000" && host.metricsListen == nil)
        #expect(host.loops == ProcessInfo.processorCount)
        #expect(host.limits == HTTPServerLimits())
        #expect(host.bodyLimit == 1_048_576 && host.shutdownTimeout == .seconds(10))
        #expect(host.strictTransportSecurity == "max-age=63072000; includeSubDomains")
        #expect(host.contentSecurityPolicy == nil)
        #expect(configuration.origins == .init(listed: [], allowsAny: false))
        for (peer, isTrusted) in [("127.0.0.1:1", true), ("[::1]:1", true), ("10.0.0.1:1", false), ("unix:/a", true)] {
            #expect(host.trustedProxies.isTrusted(try #require(SocketAddress(peer))) == isTrusted)
        }
    }

    @Test func `what is configured is what counts`() throws {
        let configuration = try APIConfigurationTests.read([
            "ENVIRONMENT": "production", "LOG_LEVEL": "debug", "LOG_FORMAT": "json", "API_LISTEN": "unix:/run/api.sock",
            "METRICS_LISTEN": "[::1]:9000", "EVENT_LOOPS": "3", "HTTP_MAX_BODY": "2m", "HTTP_MAX_CONNECTIONS": "77",
            "HTTP_HEAD_TIMEOUT": "3s", "SHUTDOWN_TIMEOUT": "0", "TRUSTED_PROXIES": "none", "HSTS_MAX_AGE": "0",
            "CORS_ORIGINS": "https://a.example, http://localhost:3000", "JWT_SECRET": TokenSamples.secretText,
            "CONTENT_SECURITY_POLICY": "default-src 'none'; report-uri https://a.example/csp",
        ])
        let host = configuration.host
        #expect(host.environment == .production && host.logLevel == .debug && host.logFormat == .json)
        #expect(host.listen.description == "unix:/run/api.sock" && host.metricsListen?.description == "[::1]:9000")
        #expect(host.loops == 3 && host.bodyLimit == 2 * 1_048_576 && host.limits.connections == 77)
        #expect(host.limits.headTimeout == .seconds(3) && host.shutdownTimeout == .zero)
        #expect(host.strictTransportSecurity == nil)
        #expect(host.contentSecurityPolicy == "default-src 'none'; report-uri https://a.example/csp")
        #expect(!host.trustedProxies.isTrusted(try #require(SocketAddress("127.0.0.1:1"))))
        #expect(!host.trustedProxies.isTrusted(.unix(path: "")))
        #expect(
            configuration.origins == .init(listed: ["https://a.example", "http://localhost:3000"], allowsAny: false)
        )
    }

    @Test func `every mistake is told at once`() throws {
        let wrong = [
            "ENVIRONMENT": "prod", "LOG_LEVEL": "loud", "LOG_FORMAT": "xml", "API_LISTEN": "nowhere",
            "METRICS_LISTEN": "9000", "EVENT_LOOPS": "0", "TRUSTED_PROXIES": "10.0.0.0/8, 10.0.0.0/99",
            "HTTP_MAX_BODY": "1", "HTTP_MAX_CONNECTIONS": "many", "HTTP_HEAD_TIMEOUT": "1d", "SHUTDOWN_TIMEOUT": "-1",
            "HSTS_MAX_AGE": "always", "CORS_ORIGINS": "example.com",
            "CONTENT_SECURITY_POLICY": "default-src 'none'\r\nSet-Cookie: a=b",
        ]
        do {
            _ = try APIConfigurationTests.read(wrong)
            Issue.record("nothing of that is right")
        } catch let error as ConfigurationError {
            #expect(Set(error.mistakes.map(\.name)) == Set(wrong.keys))
            #expect(error.mistakes.count == wrong.count)
            #expect(error.description.split(separator: "\n").count == wrong.count)
        }
    }

    @Test func `a slip in a name is a mistake, with the name that was meant`() throws {
        do {
            _ = try APIConfigurationTests.read(["API_LISTNE": "127.0.0.1:1"])
            Issue.record("that is no variable")
        } catch let error as ConfigurationError {
            #expect(error.description == "API_LISTNE: unknown; did you mean API_LISTEN?")
        }
    }

    @Test(arguments: ["production", "staging", "development"])
    func `every site is allowed only where no people are`(_ environment: String) throws {
        let variables = [
            "ENVIRONMENT": environment, "CORS_ORIGINS": "https://a.example,*", "JWT_SECRET": TokenSamples.secretText,
        ]
        guard environment == "production" else {
            let origins = try APIConfigurationTests.read(variables).origins
            #expect(origins == .init(listed: ["https://a.example"], allowsAny: true))
            return
        }
        do {
            _ = try APIConfigurationTests.read(variables)
            Issue.record("every site in production")
        } catch let error as ConfigurationError {
            #expect(error.description == "CORS_ORIGINS: allows every site in production; list the sites")
        }
    }

    @Test func `production names all that is only good for trying`() throws {
        let trial = [
            "JWT_SECRET": "your-256-bit-secret-your-256-bit-secret", "CORS_ORIGINS": "*",
            "DATABASE_URL": "postgresql://gatehouse:gatehouse@db/gatehouse", "REDIS_URL": "redis://cache:6379",
            "ADMIN_PASSWORD": "password-1234",
        ]
        #expect(throws: Never.self) { try APIConfigurationTests.read(trial) }
        do {
            _ = try APIConfigurationTests.read(trial.merging(["ENVIRONMENT": "production"]) { $1 })
            Issue.record("nothing of that is for people")
        } catch let error as ConfigurationError {
            #expect(Set(error.mistakes.map(\.name)) == Set(trial.keys))
            #expect(error.mistakes.count == trial.count)
            #expect(!error.description.contains("gatehouse:gatehouse") && !error.description.contains("password-1234"))
        }
    }

    @Test(
        arguments: [
            ("DATABASE_URL", "postgresql://u:postgres@db/n", false),
            ("DATABASE_URL", "postgresql://u:5up-eR8random-9@db/n", true),
            ("DATABASE_URL", "postgresql://u@db/n?password=changeme-changeme", false),
            // Who may come in without one is for Postgres to say: a certificate, or the account that runs the program.
            ("DATABASE_URL", "postgresql://u@/n?host=/run/postgresql", true),
            ("REDIS_URL", "redis://:short@cache", false), ("REDIS_URL", "redis://:5up-eR8random-9@cache", true),
            ("REDIS_URL", "redis://cache", false), ("REDIS_URL", "redis://127.0.0.1:6379", true),
            ("REDIS_URL", "redis://[::1]", true), ("REDIS_URL", "redis://localhost", true),
            ("REDIS_URL", "unix:/run/redis", true), ("ADMIN_PASSWORD", "Admin-1!", false),
            ("ADMIN_PASSWORD", "a long and secret sentence", true),
        ] as [(String, String, Bool)]
    )
    func `production refuses passwords that others would guess`(_ name: String, _ value: String, _ isGood: Bool) {
        let base = ["ENVIRONMENT": "production", "JWT_SECRET": TokenSamples.secretText]
        let variables = base.merging([name: value]) { $1 }
        if isGood {
            #expect(throws: Never.self) { try APIConfigurationTests.read(variables) }
        } else {
            #expect(throws: ConfigurationError.self) { try APIConfigurationTests.read(variables) }
        }
    }

    @Test(arguments: [
        "example.com", "https://", "https://a.example/", "https://a.example/path", "ftp://a.example", "null",
        "https://user@a.example", "https://a example", "https://a.example?", "//a.example",
    ])
    func `what browsers never send as an origin is a mistake`(_ origin: String) {
        #expect(throws: ConfigurationError.self) { try APIConfigurationTests.read(["CORS_ORIGINS": origin]) }
    }

    @Test(arguments: TestDepth.allCases)
    func `the configuration reaches the answers`(_ depth: TestDepth) async throws {
        let variables = ["CORS_ORIGINS": "https://a.example", "HSTS_MAX_AGE": "1h", "TRUSTED_PROXIES": "127.0.0.1/32"]
        try await withAPI(depth, variables) { client, _ in
            let answer = try await client.get(
                "/health",
                [.origin: "https://a.example", .xForwardedProto: "https", .xRequestID: "named"]
            )
            #expect(answer.fields.values(.accessControlAllowOrigin) == ["https://a.example"])
            #expect(answer.fields.values(.strictTransportSecurity) == ["max-age=3600; includeSubDomains"])
            #expect(answer.fields.values(.xRequestID) == ["named"])
        }
        try await withAPI(depth, ["TRUSTED_PROXIES": "none"]) { client, _ in
            let answer = try await client.get("/health", [.xForwardedProto: "https", .xRequestID: "forged"])
            #expect(!answer.fields.contains(.strictTransportSecurity))
            #expect(answer.fields[.xRequestID] != "forged")
        }
    }
}
