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
        let actor = AuditRow.cut(entry.actor.name, to: AuditRow.longestName)
        let target = AuditRow.cut(entry.target.name, to: AuditRow.longestName)
        return [
            "at": frame.words(for: entry.at),
            "actor": .string(actor),
            "by_actor": MustacheValue(byActor),
            "action": .string(entry.action),
            "is_success": .boolean(entry.isSuccess),
            "target": isBySelf || target.isEmpty ? .null : .string(target),
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

    /// Who fails to sign in may type anything as a name, and so make the page as long as they like. No name of a user is
    /// that long; the whole of it is in what the API answers.
    private static let longestName = 64
    private static let longestValue = 100

    /// In scalars: of those, what looks like one letter may have any number.
    private static func cut(_ text: String, to length: Int) -> String {
        guard text.unicodeScalars.count > length else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(length))) + "…"
    }

    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): cut(text, to: longestValue)
        case .boolean(let isTrue): isTrue ? "yes" : "no"
        case .null: "nothing"
        default: cut(String(decoding: JSONFragment(value).bytes, as: UTF8.self), to: longestValue)
        }
    }
}
