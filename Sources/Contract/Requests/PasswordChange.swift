public import JSON

public struct PasswordChange: RequestBody {
    public let currentPassword: String
    public let newPassword: String

    public init(currentPassword: String, newPassword: String) {
        self.currentPassword = currentPassword
        self.newPassword = newPassword
    }

    public init(reading fields: inout RequestReader) {
        currentPassword = fields.string("current_password")
        newPassword = fields.string("new_password")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("current_password", currentPassword)
            body.member("new_password", newPassword)
        }
    }

    public static let example = PasswordChange(
        currentPassword: "correct horse battery staple",
        newPassword: "seven quiet lamps at noon"
    )

    public static let schema = Component.request(
        "PasswordChange",
        "The password as it is and as it shall be. Every other session of the account ends.",
        example: example,
        [.init("current_password", .password), .init("new_password", .password)]
    )
}

extension PasswordChange: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "passwords ****" }
    public var debugDescription: String { description }
}
