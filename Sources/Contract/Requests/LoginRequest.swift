public import JSON

public struct LoginRequest: RequestBody {
    /// A username or an e-mail address, under whichever of the three names it was sent: only one of them has an @, so
    /// the name of the field says nothing new.
    public let identifier: String
    public let password: String

    public init(identifier: String, password: String) {
        self.identifier = identifier
        self.password = password
    }

    private static let names = ["username_or_email", "username", "email"]

    public init(reading fields: inout RequestReader) {
        var given: [String] = []
        var identifier = ""
        for name in LoginRequest.names {
            guard let text = fields.changedString(name) else { continue }
            given.append(name)
            identifier = text
        }
        self.identifier = identifier
        password = fields.string("password")
        if given.isEmpty, LoginRequest.names.allSatisfy({ fields.problems[$0].isEmpty }) {
            fields.refuse("username", "This field is required, or email, or username_or_email.")
        }
        for name in given.dropFirst() {
            fields.refuse(name, "Only one of username, email and username_or_email is possible.")
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("username_or_email", identifier)
            body.member("password", password)
        }
    }

    public static let example = LoginRequest(identifier: "ada", password: "correct horse battery staple")

    public static let schema = Component.request(
        "Login",
        "Who signs in, by one of the three names, and the proof.",
        example: example,
        oneOf: ["username", "email", "username_or_email"],
        [
            .optional("username", .text),
            .optional("email", .text),
            .optional("username_or_email", .text),
            .init("password", .password),
        ]
    )
}

extension LoginRequest: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "login, password ****" }
    public var debugDescription: String { description }
}
