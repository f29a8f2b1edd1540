public import JSON

/// PUT: the whole of what an administrator may set of a user.
///
/// What was got can be sent back: the fields of a user that nobody can set are let through and count for nothing.
public struct UserReplacement: RequestBody {
    public let username: String
    public let email: String
    public let isAdmin: Bool
    public let isActive: Bool
    /// Nil: verified stays verified while the address stays the same.
    public let isEmailVerified: Bool?
    /// Nil: stays. It is never answered, so it can not be sent back.
    public let password: String?

    public init(
        username: String,
        email: String,
        isAdmin: Bool,
        isActive: Bool,
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

    static let readOnly = ["id", "created_at", "updated_at", "last_login_at"]

    public init(reading fields: inout RequestReader) {
        username = fields.string("username")
        email = fields.string("email")
        isAdmin = fields.boolean("is_admin")
        isActive = fields.boolean("is_active")
        isEmailVerified = fields.changedBoolean("email_verified")
        password = fields.changedString("password")
        fields.ignore(UserReplacement.readOnly)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("username", username)
            body.member("email", email)
            body.member("is_admin", isAdmin)
            body.member("is_active", isActive)
            body.member("email_verified", ifPresent: isEmailVerified)
            body.member("password", ifPresent: password)
        }
    }

    public static let example = UserReplacement(
        username: "grace",
        email: "grace@example.com",
        isAdmin: false,
        isActive: true
    )

    public static let schema = Component.request(
        "UserReplacement",
        "The whole of what can be set of a user. A user as it was answered may be sent back.",
        example: example,
        [
            .init("username", .username),
            .init("email", .email),
            .init("is_admin", .boolean),
            .init("is_active", .boolean),
            .optional("email_verified", .boolean, "Left out: stays, or false for a new address."),
            .optional("password", .password, "Left out: stays."),
            .optional("id", .anything, "Let through, counts for nothing."),
            .optional("created_at", .anything, "Let through, counts for nothing."),
            .optional("updated_at", .anything, "Let through, counts for nothing."),
            .optional("last_login_at", .anything, "Let through, counts for nothing."),
        ]
    )
}

extension UserReplacement: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "replacement by \(username), password ****" }
    public var debugDescription: String { description }
}
