internal import Database

/// Why an account is not made or changed.
enum AccountError: Error, Equatable {
    /// Everything that is wrong, by field, in sentences for people.
    case unacceptable([String: [String]])
    case usernameTaken
    case emailTaken
    case bothTaken
    case noSuchUser
    /// Somebody has to be left who can administrate.
    case lastAdministrator
    case signUpClosed
    case signUpByInvitation
}

extension AccountError {
    /// What a violated rule of the schema means; the error itself when it means nothing here.
    static func meaning(of error: DatabaseError) -> any Error {
        switch error.constraint {
        case "users_username_key": AccountError.usernameTaken
        case "users_email_key": AccountError.emailTaken
        case "users_last_administrator": AccountError.lastAdministrator
        default: error
        }
    }
}
