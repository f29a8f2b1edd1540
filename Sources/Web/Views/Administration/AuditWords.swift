/// The actions that the audit knows of, as they can be asked for.
enum AuditWords {
    static let actions = [
        "login", "login.failed", "login.refused", "logout", "logout.all", "refresh.reused", "session.revoke",
        "session.evict", "user.signup", "user.create", "user.update", "user.activate", "user.deactivate",
        "user.make-admin", "user.remove-admin", "user.password", "user.delete", "user.revoke-sessions", "keys.add",
        "keys.rotate", "keys.retire",
    ]
}
