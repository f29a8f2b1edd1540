internal import Contract
internal import HTTPEngine
internal import Linux
internal import Mustache

/// `/admin/audit`: what was done and tried, the newest first.
struct AuditView: PageView {
    static let template = "audit"

    let page: AuditPage
    let query: AuditListQuery
    /// What to call the person whose doings are shown.
    var actorName: String?
    var problems = FormProblems.none

    let title = "Audit"
    let place: Navigation.Place? = .audit
    var status: HTTPStatus { problems.isEmpty ? .ok : .unprocessableContent }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        let pages = PageLinks(
            page: query.page,
            size: page.pageSize,
            total: page.total,
            countLimit: AuditEntryBody.countLimit,
            shown: page.items.count
        )
        return [
            ("form", form.value),
            ("actions", .list(actions)),
            ("actor", actor),
            ("is_filtered", .boolean(isFiltered)),
            ("audit", .string(PageAddress.audit)),
            ("rows", .list(page.items.map { AuditRow(entry: $0, query: query).value(in: frame) })),
            ("is_empty", .boolean(page.items.isEmpty)),
            ("pages", pages.value { page in AuditView.address(query) { $0.page = page } }),
        ]
    }

    /// Times are written as days where they are days, as the form writes them.
    static func address(_ query: AuditListQuery, _ change: (inout AuditListQuery) -> Void) -> String {
        var changed = query
        changed.page = 1
        // How many stand on a page is not for an address to say.
        changed.pageSize = AuditListQuery().pageSize
        change(&changed)
        var form = URLEncodedForm()
        for pair in changed.form.pairs {
            let isDay = pair.value.hasSuffix(AuditView.midnight) && (pair.name == "since" || pair.name == "until")
            form.append(pair.name, isDay ? String(pair.value.dropLast(AuditView.midnight.count)) : pair.value)
        }
        let text = form.serialized
        return PageAddress.audit + (text.isEmpty ? "" : "?\(text)")
    }

    private static let midnight = "T00:00:00Z"

    private var isFiltered: Bool {
        query.actor != nil || query.action != nil || query.since != nil || query.until != nil
    }

    private var form: Form {
        Form(
            action: PageAddress.audit,
            fields: [day("since", "From", query.since), day("until", "Before", query.until)],
            hidden: query.actor.map { [("actor", $0)] } ?? [],
            problems: problems
        )
    }

    private func day(_ name: String, _ label: String, _ time: WallTime?) -> FormField {
        FormField(
            name: name,
            kind: .date,
            label: label,
            autocomplete: "off",
            isRequired: false,
            value: time.map { String($0.rfc3339.prefix(10)) } ?? ""
        )
    }

    /// Those that are known, and the one that is asked for, whatever it is.
    private var actions: [MustacheValue] {
        let known = AuditAction.allCases.map(\.rawValue)
        let asked = query.action.map { known.contains($0) ? [] : [$0] } ?? []
        return (known + asked).map {
            ["name": .string($0), "is_chosen": .boolean($0 == query.action)]
        }
    }

    private var actor: MustacheValue {
        guard let id = query.actor else { return .null }
        let name = actorName ?? page.items.first { $0.actor.id == id }?.actor.name ?? id
        return ["name": .string(name), "everybody": .string(AuditView.address(query) { $0.actor = nil })]
    }
}
