public import JSON

/// What somebody changes of their own account; nil stays as it is.
public struct ProfileChange: RequestBody {
    public let username: String?
    public let email: String?

    public init(username: String? = nil, email: String? = nil) {
        self.username = username
        self.email = email
    }

    public init(reading fields: inout RequestReader) {
        username = fields.changedString("username")
        email = fields.changedString("email")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("username", ifPresent: username)
            body.member("email", ifPresent: email)
        }
    }

    public static let example = ProfileChange(email: "ada@example.com")

    public static let schema = Component.request(
        "ProfileChange",
        "What is left out stays as it is.",
        example: example,
        [.optional("username", .username), .optional("email", .email)]
    )
}
