/// What the audit knows of. The raw value is what is stored and filtered by.
public enum AuditAction: String, CaseIterable, Sendable {
    case login
    case loginFailed = "login.failed"
    /// Nothing was tried, because too many have failed before: the first one of each wait.
    case loginRefused = "login.refused"
    case logout
    case logoutEverywhere = "logout.all"
    case refreshReused = "refresh.reused"
    case sessionRevoked = "session.revoke"
    case sessionEvicted = "session.evict"
    case signUp = "user.signup"
    case userCreated = "user.create"
    case userUpdated = "user.update"
    case userActivated = "user.activate"
    case userDeactivated = "user.deactivate"
    case adminGiven = "user.make-admin"
    case adminTaken = "user.remove-admin"
    case passwordChanged = "user.password"
    case userDeleted = "user.delete"
    case sessionsRevoked = "user.revoke-sessions"
    case keyAdded = "keys.add"
    case keysRotated = "keys.rotate"
    case keyRetired = "keys.retire"
}
