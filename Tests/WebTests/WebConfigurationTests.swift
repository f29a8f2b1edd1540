import HTTPEngine
import Hosting
import Linux
import Operations
import Testing
import Web

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
