public import JSON
public import Linux

/// Somebody with an account, as the API tells it: never with a hash.
public struct UserBody: AnswerBody {
    public let id: String
    public let username: String
    public let email: String
    public let isAdmin: Bool
    public let isActive: Bool
    public let isEmailVerified: Bool
    public let createdAt: WallTime
    public let updatedAt: WallTime
    public let lastLoginAt: WallTime?

    public init(
        id: String,
        username: String,
        email: String,
        isAdmin: Bool,
        isActive: Bool,
        isEmailVerified: Bool,
        createdAt: WallTime,
        updatedAt: WallTime,
        lastLoginAt: WallTime?
    ) {
        self.id = id
        self.username = username
        self.email = email
        self.isAdmin = isAdmin
        self.isActive = isActive
        self.isEmailVerified = isEmailVerified
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.lastLoginAt = lastLoginAt
    }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        id = try answer.string("id")
        username = try answer.string("username")
        email = try answer.string("email")
        isAdmin = try answer.boolean("is_admin")
        isActive = try answer.boolean("is_active")
        isEmailVerified = try answer.boolean("email_verified")
        createdAt = try answer.time("created_at")
        updatedAt = try answer.time("updated_at")
        lastLoginAt = try answer.ifPresent("last_login_at", answer.time)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("id", id)
            body.member("username", username)
            body.member("email", email)
            body.member("is_admin", isAdmin)
            body.member("is_active", isActive)
            body.member("email_verified", isEmailVerified)
            body.member("created_at", createdAt.rfc3339)
            body.member("updated_at", updatedAt.rfc3339)
            body.member("last_login_at", lastLoginAt?.rfc3339)
        }
    }

    public static let example = UserBody(
        id: Examples.userID,
        username: "ada",
        email: "ada@example.com",
        isAdmin: false,
        isActive: true,
        isEmailVerified: false,
        createdAt: Examples.time,
        updatedAt: Examples.time,
        lastLoginAt: nil
    )

    public static let schema = Component.answer(
        "User",
        "Somebody with an account.",
        example: example,
        [
            .init("id", .identifier),
            .init("username", .text),
            .init("email", .text),
            .init("is_admin", .boolean),
            .init("is_active", .boolean, "Who is not active can not sign in, and no token of theirs counts."),
            .init("email_verified", .boolean),
            .init("created_at", .time),
            .init("updated_at", .time),
            .init("last_login_at", Schema.time.orNull),
        ]
    )
}
