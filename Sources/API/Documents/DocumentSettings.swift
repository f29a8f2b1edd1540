internal import Hosting
internal import Operations

/// Whether the service tells strangers what it can be asked.
struct DocumentSettings: Sendable {
    let areEnabled: Bool

    init(_ reader: ConfigurationReader, environment: Environment) {
        areEnabled = reader.group("Documents") {
            reader.optionalFlag(
                "DOCS_ENABLED",
                help: "Whether /docs and /api/v1/openapi.json are served; unset: not in production"
            ) ?? (environment != .production)
        }
    }
}
