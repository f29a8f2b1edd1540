public import JSON

/// An account that an administrator makes for somebody.
public struct UserCreation: RequestBody {
    public let username: String
    public let email: String
    public let password: String
    public let isAdmin: Bool
    public let isActive: Bool
    public let isEmailVerified: Bool

    public init(
        username: String,
        email: String,
        password: String,
        isAdmin: Bool = false,
        isActive: Bool = true,
        isEmailVerified: Bool = false
    ) {
        self.username = username
        self.email = email
        self.password = password
        self.isAdmin = isAdmin
        self.isActive = isActive
        self.isEmailVerified = isEmailVerified
    }

    public init(reading fields: inout RequestReader) {
        username = fields.string("username")
        email = fields.string("email")
        password = fields.string("password")
        isAdmin = fields.changedBoolean("is_admin") ?? false
        isActive = fields.changedBoolean("is_active") ?? true
        isEmailVerified = fields.changedBoolean("email_verified") ?? false
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("username", username)
            body.member("email", email)
            body.member("password", password)
            body.member("is_admin", isAdmin)
            body.member("is_active", isActive)
            body.member("email_verified", isEmailVerified)
        }
    }

    public static let example = UserCreation(
        username: "grace",
        email: "grace@example.com",
        password: "correct horse battery staple"
    )

    public static let schema = Component.request(
        "UserCreation",
        "An account that an administrator makes for somebody.",
        example: example,
        [
            .init("username", .username),
            .init("email", .email),
            .init("password", .password),
            .optional("is_admin", .boolean, "Left out: false."),
            .optional("is_active", .boolean, "Left out: true."),
            .optional("email_verified", .boolean, "Left out: false."),
        ]
    )
}

extension UserCreation: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "creation of \(username), password ****" }
    public var debugDescription: String { description }
}
