internal import Contract
internal import Cryptography
internal import Database
internal import JSON
internal import Linux

/// Writes down what is done, by whom and from where, in the transaction that does it.
struct AuditTrail {
    let executor: any QueryExecutor
    let client: ClientDescription
    let time: WallTime
    let identifiers: Identifiers

    /// - Parameters:
    ///   - actor: who did it; nil for somebody unknown, who then may have said a name.
    ///   - changes: the names of what changed with the values before and after, none of them a secret.
    func record(
        _ action: AuditAction,
        by actor: UUID?,
        named actorName: String,
        isSuccess: Bool = true,
        target: UUID? = nil,
        targetName: String = "",
        changes: [AuditChange] = []
    ) async throws(DatabaseError) {
        let entry = AuditEntry(
            id: identifiers.next(at: time),
            at: time,
            actor: actor,
            actorName: actorName,
            action: action.rawValue,
            isSuccess: isSuccess,
            target: target,
            targetName: targetName,
            before: AuditTrail.object(changes, \.before),
            after: AuditTrail.object(changes, \.after),
            address: client.addressText,
            requestID: client.requestID
        )
        try await AuditRepository(executor: executor).add(entry)
    }

    /// Nil when there is nothing to tell on this side.
    private static func object(_ changes: [AuditChange], _ side: KeyPath<AuditChange, JSONValue?>) -> String? {
        let members = changes.compactMap { change in change[keyPath: side].map { (change.name, $0) } }
        if members.isEmpty { return nil }
        var writer = JSONWriter()
        writer.object { object in for (name, value) in members { object.member(name, value) } }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// One thing that changed; nil where there was nothing, or is nothing any more.
struct AuditChange: Equatable, Sendable {
    let name: String
    let before: JSONValue?
    let after: JSONValue?
}

extension AuditChange {
    /// That the password is another one: neither is told.
    static let password = AuditChange(name: "password", before: nil, after: .string("changed"))

    /// What two states of a user differ in.
    static func between(_ old: User?, _ new: User?) -> [AuditChange] {
        func values(_ user: User?) -> [(String, JSONValue)] {
            guard let user else { return [] }
            return [
                ("username", .string(user.username)), ("email", .string(user.email)),
                ("is_admin", .boolean(user.isAdmin)), ("is_active", .boolean(user.isActive)),
                ("email_verified", .boolean(user.isEmailVerified)),
            ]
        }
        let (before, after) = (values(old), values(new))
        let names = (before.isEmpty ? after : before).map(\.0)
        return names.compactMap { name in
            let change = AuditChange(
                name: name,
                before: before.first { $0.0 == name }?.1,
                after: after.first { $0.0 == name }?.1
            )
            return change.before == change.after ? nil : change
        }
    }
}
