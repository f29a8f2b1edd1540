public import JSON

public struct SignUpRequest: RequestBody {
    public let username: String
    public let email: String
    public let password: String

    public init(username: String, email: String, password: String) {
        self.username = username
        self.email = email
        self.password = password
    }

    public init(reading fields: inout RequestReader) {
        username = fields.string("username")
        email = fields.string("email")
        password = fields.string("password")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("username", username)
            body.member("email", email)
            body.member("password", password)
        }
    }

    public static let example = SignUpRequest(
        username: "ada",
        email: "ada@example.com",
        password: "correct horse battery staple"
    )

    public static let schema = Component.request(
        "SignUp",
        "An account to be made.",
        example: example,
        [
            .init("username", .username, "Capitals are kept for show and count for nothing."),
            .init("email", .email),
            .init("password", .password, "Any characters; how many at least is up to the operator."),
        ]
    )
}

extension SignUpRequest: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "sign-up of \(username), password ****" }
    public var debugDescription: String { description }
}
