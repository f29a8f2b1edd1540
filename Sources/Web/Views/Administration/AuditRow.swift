internal import Contract
internal import JSON
internal import Mustache

/// One line of the audit.
struct AuditRow {
    let entry: AuditEntryBody
    /// The list that it stands in, for the links that narrow it.
    var query = AuditListQuery()

    func value(in frame: PageFrame) -> MustacheValue {
        let byActor = entry.actor.id.map { id in AuditView.address(query) { $0.actor = id } }
        let isBySelf = entry.actor == entry.target
        return [
            "at": frame.words(for: entry.at),
            "actor": .string(entry.actor.name),
            "by_actor": MustacheValue(byActor),
            "action": .string(entry.action),
            "is_success": .boolean(entry.isSuccess),
            "target": isBySelf || entry.target.name.isEmpty ? .null : .string(entry.target.name),
            "changes": .list(changes.map { .string($0) }),
            "address": .string(entry.address),
            "request_id": .string(entry.requestID),
        ]
    }

    /// "email: ada@example.com → ada@example.org", for each field that is there before or after.
    private var changes: [String] {
        let before = entry.before?.members ?? []
        let after = entry.after?.members ?? []
        let gone = before.filter { member in !after.contains { $0.name == member.name } }
        let changed = after.map { member in
            let old = before.first { $0.name == member.name }
            return old.map { "\(member.name): \(AuditRow.words($0.value)) → \(AuditRow.words(member.value))" }
                ?? "\(member.name): \(AuditRow.words(member.value))"
        }
        return changed + gone.map { "\($0.name): \(AuditRow.words($0.value)) → nothing" }
    }

    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .boolean(let isTrue): isTrue ? "yes" : "no"
        case .null: "nothing"
        default: String(decoding: JSONFragment(value).bytes, as: UTF8.self)
        }
    }
}
