public import JSON

/// With the access token as Bearer there needs to be no content.
public struct LogoutRequest: RequestBody {
    public let refreshToken: String?

    public init(refreshToken: String?) { self.refreshToken = refreshToken }

    public init(reading fields: inout RequestReader) { refreshToken = fields.optionalString("refresh_token") }

    public func write(to writer: inout JSONWriter) {
        writer.object { $0.member("refresh_token", ifPresent: refreshToken) }
    }

    public static let absent: LogoutRequest? = LogoutRequest(refreshToken: nil)

    public static let example = LogoutRequest(refreshToken: Examples.refreshToken)

    public static let schema = Component.request(
        "Logout",
        "With the access token as Bearer there needs to be no content.",
        example: example,
        [.optional("refresh_token", Schema.text.orNull)]
    )
}

extension LogoutRequest: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { refreshToken == nil ? "no refresh token" : "refresh token ****" }
    public var debugDescription: String { description }
}
