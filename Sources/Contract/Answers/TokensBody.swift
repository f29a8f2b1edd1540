public import JSON

/// What a sign-in and a refresh give.
public struct TokensBody: AnswerBody {
    public let accessToken: String
    public let refreshToken: String
    /// Seconds until the access token expires.
    public let expiresIn: Int
    public let user: UserBody

    public init(accessToken: String, refreshToken: String, expiresIn: Int, user: UserBody) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.expiresIn = expiresIn
        self.user = user
    }

    /// RFC 6750.
    public static let tokenType = "bearer"

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        accessToken = try answer.string("access_token")
        refreshToken = try answer.string("refresh_token")
        expiresIn = try answer.integer("expires_in")
        user = try answer.body("user")
        guard try answer.string("token_type") == TokensBody.tokenType else { throw UnexpectedAnswer("token_type") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("access_token", accessToken)
            body.member("refresh_token", refreshToken)
            body.member("token_type", TokensBody.tokenType)
            body.member("expires_in", expiresIn)
            body.member("user", user)
        }
    }

    public static let example = TokensBody(
        accessToken: Examples.accessToken,
        refreshToken: Examples.refreshToken,
        expiresIn: 900,
        user: .example
    )

    public static let schema = Component.answer(
        "Tokens",
        "An access token for every request, and a refresh token for the next pair. A refresh token works once.",
        example: example,
        [
            .init("access_token", .text, "A JWT."),
            .init("refresh_token", .text),
            .init("token_type", .one(of: [tokenType])),
            .init("expires_in", .count, "Seconds until the access token expires."),
            .init("user", .component(UserBody.schema)),
        ]
    )
}

extension TokensBody: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "tokens **** of \(user.id)" }
    public var debugDescription: String { description }
}
