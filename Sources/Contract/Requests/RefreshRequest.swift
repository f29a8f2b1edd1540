public import JSON

/// The refresh token may also be sent as Bearer; then there is no content.
public struct RefreshRequest: RequestBody {
    public let refreshToken: String?

    public init(refreshToken: String?) { self.refreshToken = refreshToken }

    public init(reading fields: inout RequestReader) { refreshToken = fields.optionalString("refresh_token") }

    public func write(to writer: inout JSONWriter) {
        writer.object { $0.member("refresh_token", ifPresent: refreshToken) }
    }

    public static let absent: RefreshRequest? = RefreshRequest(refreshToken: nil)

    public static let example = RefreshRequest(refreshToken: Examples.refreshToken)

    public static let schema = Component.request(
        "Refresh",
        "The refresh token may also be sent as Bearer; then there is no content.",
        example: example,
        [.optional("refresh_token", Schema.text.orNull)]
    )
}

extension RefreshRequest: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { refreshToken == nil ? "no refresh token" : "refresh token ****" }
    public var debugDescription: String { description }
}
