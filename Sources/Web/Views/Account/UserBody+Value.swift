internal import Contract
internal import Mustache

extension UserBody {
    /// A user with nothing to do about it.
    func value(in frame: PageFrame) -> MustacheValue {
        [
            "username": .string(username),
            "email": .string(email),
            "is_admin": .boolean(isAdmin),
            "is_active": .boolean(isActive),
            "is_email_verified": .boolean(isEmailVerified),
            "created": frame.words(for: createdAt),
            "updated": frame.words(for: updatedAt),
            "last_login": frame.words(for: lastLoginAt),
        ]
    }
}
