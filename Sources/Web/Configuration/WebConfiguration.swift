internal import Contract
public import HTTPEngine
public import Hosting
public import Operations

/// Everything that can be told to the web front end.
public struct WebConfiguration: Sendable {
    public let host: HostSettings
    /// Where the API is.
    public let api: HTTPOrigin

    public init(_ reader: ConfigurationReader) {
        host = HostSettings(reader, listenName: "WEB_LISTEN", defaultListen: "127.0.0.1:8000")
        api = reader.group("API") {
            reader.value(
                "API_URL",
                default: "http://127.0.0.1:5000",
                help: "Where the API is reached",
                expects: "http://host:port or unix:/path",
                parse: { HTTPOrigin($0) }
            )
        }
    }

    /// How a process gets its configuration.
    public static let program = ProgramConfiguration<WebConfiguration>(
        siblings: SharedVariables.api.union(SharedVariables.stack),
        make: { WebConfiguration($0) }
    )
}
