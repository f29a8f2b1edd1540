internal import Linux

/// Why somebody is not let in, or not any further.
enum AuthenticationError: Error, Equatable {
    /// Nobody has that name, or the password is another: it is not told which.
    case wrongCredentials
    /// The password was right.
    case inactive
    case tooManyAttempts(retryAfter: Duration)
    /// As many sessions as one may have, and none may end for a new one.
    case sessionLimitReached
    /// Unknown, used before, ended or expired: it is not told which.
    case invalidRefreshToken
    case noSuchSession
    /// Of one's own password, when another one is set; with what is wrong with that one.
    case wrongCurrentPassword([PasswordProblem])
    case unacceptablePassword([PasswordProblem])
}
