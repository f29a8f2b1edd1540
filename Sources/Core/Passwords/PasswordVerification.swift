/// What came of comparing a password with a stored hash.
public enum PasswordVerification: Equatable, Sendable {
    /// It is the one. `needsUpgrade`: now, while the password is at hand, is the time to hash it anew and keep that.
    case matches(needsUpgrade: Bool)
    case doesNotMatch
}
