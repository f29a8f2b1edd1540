public import JSON

/// PATCH: what an administrator changes of a user; nil stays as it is.
public struct UserChange: RequestBody {
    public let username: String?
    public let email: String?
    public let isAdmin: Bool?
    public let isActive: Bool?
    public let isEmailVerified: Bool?
    public let password: String?

    public init(
        username: String? = nil,
        email: String? = nil,
        isAdmin: Bool? = nil,
        isActive: Bool? = nil,
        isEmailVerified: Bool? = nil,
        password: String? = nil
    ) {
        self.username = username
        self.email = email
        self.isAdmin = isAdmin
        self.isActive = isActive
        self.isEmailVerified = isEmailVerified
        self.password = password
    }

    public init(reading fields: inout RequestReader) {
        username = fields.changedString("username")
        email = fields.changedString("email")
        isAdmin = fields.changedBoolean("is_admin")
        isActive = fields.changedBoolean("is_active")
        isEmailVerified = fields.changedBoolean("email_verified")
        password = fields.changedString("password")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("username", ifPresent: username)
            body.member("email", ifPresent: email)
            body.member("is_admin", ifPresent: isAdmin)
            body.member("is_active", ifPresent: isActive)
            body.member("email_verified", ifPresent: isEmailVerified)
            body.member("password", ifPresent: password)
        }
    }

    public static let example = UserChange(isActive: false)

    public static let schema = Component.request(
        "UserChange",
        "What is left out stays as it is.",
        example: example,
        [
            .optional("username", .username),
            .optional("email", .email),
            .optional("is_admin", .boolean),
            .optional("is_active", .boolean),
            .optional("email_verified", .boolean),
            .optional("password", .password),
        ]
    )
}

extension UserChange: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "change of a user, password ****" }
    public var debugDescription: String { description }
}
