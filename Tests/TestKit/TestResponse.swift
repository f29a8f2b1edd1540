public import HTTPEngine

/// A whole answer.
public struct TestResponse: Sendable {
    public let status: HTTPStatus
    /// Without those that are the engine's: how long the content is, and what becomes of the connection.
    public let fields: HTTPFields
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads the content to its end.
    public init(_ response: HTTPResponse) async throws {
        status = response.status
        var fields = response.fields
        for name in [.contentLength, .transferEncoding, .connection, .keepAlive, HTTPFieldName.date] {
            fields.remove(name)
        }
        self.fields = fields
        body = try await response.body.collect(limit: 100_000_000)
    }
}
