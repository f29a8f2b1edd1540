internal import Database
internal import Linux

/// Something that was done or tried, for those who ask later.
struct AuditEntry: Equatable, Sendable {
    let id: UUID
    let at: WallTime
    let actor: UUID?
    let actorName: String
    /// Such as `login` or `user.update`.
    let action: String
    let isSuccess: Bool
    let target: UUID?
    let targetName: String
    /// JSON objects of what changed, without secrets.
    let before: String?
    let after: String?
    let address: String
    let requestID: String
}

/// Which entries a list shows: the newest first.
struct AuditQuery: Equatable, Sendable {
    var actor: UUID?
    var action: String?
    var since: WallTime?
    var until: WallTime?
    var offset = 0
    var limit = 50
}
