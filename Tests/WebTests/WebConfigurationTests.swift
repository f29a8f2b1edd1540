import HTTPEngine
import Hosting
import Linux
import Operations
import Testing

@testable import Web

@Suite struct WebConfigurationTests {
    private static func read(_ environment: [String: String]) throws -> WebConfiguration {
        let reader = ConfigurationReader(ConfigurationSource(environment: environment))
        let configuration = WebConfiguration(reader)
        try reader.finish()
        return configuration
    }

    @Test func `nothing needs to be configured`() throws {
        let configuration = try WebConfigurationTests.read([:])
        #expect(configuration.host.listen.description == "127.0.0.1:8000")
        #expect(configuration.api.description == "http://127.0.0.1:5000")
    }

    @Test(arguments: ["http://api:5000", "http://[::1]:5000", "unix:/run/api.sock", "http://api.internal"])
    func `the API may be anywhere near`(_ url: String) throws {
        #expect(try WebConfigurationTests.read(["API_URL": url]).api == HTTPOrigin(url))
    }

    @Test(arguments: ["https://api", "api:5000", "http://api/v1", "http://name:word@api", "unix:api.sock"])
    func `an address that can not be called is a mistake`(_ url: String) {
        #expect(throws: ConfigurationError.self) { try WebConfigurationTests.read(["API_URL": url]) }
    }

    @Test func `every mistake is told at once`() {
        do {
            _ = try WebConfigurationTests.read(["WEB_LISTEN": "8000", "API_URL": "here", "LOG_LEVEL": "quiet"])
            Issue.record("nothing of that is right")
        } catch {
            let names = (error as? ConfigurationError)?.mistakes.map(\.name) ?? []
            #expect(Set(names) == ["WEB_LISTEN", "API_URL", "LOG_LEVEL"])
        }
    }
}

extension WebConfigurationTests {
    @Test func `sessions, cookies and the public address are told`() throws {
        let configuration = try WebConfigurationTests.read([
            "PUBLIC_URL": "https://ID.example:443/", "COOKIE_SECURE": "true", "WEB_SESSION_IDLE_SECONDS": "15m",
            "WEB_SESSION_MAX_SECONDS": "1d", "REDIS_URL": "redis://:word@cache:6379/1", "SIGNUP": "invite",
            "TEMPLATES_PATH": "/srv/templates", "API_TIMEOUT": "3s",
        ])
        #expect(configuration.publicOrigin == PublicOrigin("https://id.example"))
        #expect(configuration.cookieSecurity == .true && !configuration.offersSignUp)
        #expect(configuration.sessionLife == SessionLife(idle: .seconds(900), longest: .seconds(86_400)))
        #expect(configuration.redis != nil && configuration.templatesPath == "/srv/templates")
        #expect(configuration.apiTimeout == .seconds(3))
    }

    @Test func `a session idles for an hour, lasts for thirty days, and signing up is open by itself`() throws {
        let configuration = try WebConfigurationTests.read([:])
        #expect(configuration.sessionLife == SessionLife(idle: .seconds(3_600), longest: .seconds(2_592_000)))
        #expect(configuration.cookieSecurity == .auto && configuration.publicOrigin == nil)
        #expect(configuration.redis == nil && configuration.offersSignUp)
    }

    @Test(arguments: [
        ["PUBLIC_URL": "id.example"], ["PUBLIC_URL": "https://id.example/path"], ["PUBLIC_URL": "https://"],
        ["PUBLIC_URL": "https://name@id.example"], ["PUBLIC_URL": "ftp://id.example"], ["COOKIE_SECURE": "maybe"],
        ["PUBLIC_URL": "https://id.example", "COOKIE_SECURE": "false"], ["WEB_SESSION_IDLE_SECONDS": "5"],
        ["WEB_SESSION_IDLE_SECONDS": "2d", "WEB_SESSION_MAX_SECONDS": "1d"], ["REDIS_URL": "http://cache"],
        ["API_TIMEOUT": "60s"], ["SIGNUP": "perhaps"],
    ])
    func `what makes no sense is a mistake`(_ environment: [String: String]) {
        #expect(throws: ConfigurationError.self) { try WebConfigurationTests.read(environment) }
    }

    @Test(
        arguments: [
            ([:], ["PUBLIC_URL"]), (["PUBLIC_URL": "http://id.example"], ["PUBLIC_URL"]),
            (["PUBLIC_URL": "id.example"], ["PUBLIC_URL"]), (["PUBLIC_URL": "https://id.example"], []),
            (["PUBLIC_URL": "https://id.example", "COOKIE_SECURE": "false"], ["COOKIE_SECURE"]),
            (["PUBLIC_URL": "https://id.example", "REDIS_URL": "redis://cache"], ["REDIS_URL"]),
            (["PUBLIC_URL": "https://id.example", "REDIS_URL": "redis://:redis@cache"], ["REDIS_URL"]),
            (["PUBLIC_URL": "https://id.example", "REDIS_URL": "redis://:5up-eR8random-9@cache"], []),
            (
                ["PUBLIC_URL": "http://id.example", "COOKIE_SECURE": "false", "REDIS_URL": "redis://:redis@cache"],
                ["COOKIE_SECURE", "PUBLIC_URL", "REDIS_URL"]
            ),
        ] as [([String: String], [String])]
    )
    func `production names all that is only good for trying`(_ environment: [String: String], _ wrong: [String]) {
        var found: [String] = []
        do {
            _ = try WebConfigurationTests.read(environment.merging(["ENVIRONMENT": "production"]) { $1 })
        } catch {
            found = (error as? ConfigurationError)?.mistakes.map(\.name) ?? ["\(error)"]
        }
        #expect(found.sorted() == wrong)
    }

    @Test(arguments: [
        ("https://id.example", "https://id.example", true), ("http://Localhost:8080/", "http://localhost:8080", false),
        ("http://id.example:80", "http://id.example", false),
        ("https://id.example:8443", "https://id.example:8443", true),
        ("HTTPS://[::1]:443", "https://[::1]", true),
    ])
    func `a public address is written as browsers write origins`(_ text: String, _ origin: String, isSecure: Bool) {
        #expect(PublicOrigin(text)?.text == origin && PublicOrigin(text)?.isSecure == isSecure)
    }
}
