public import HTTPEngine
public import Linux

/// Which entries of the audit a list shows: the newest first.
public struct AuditListQuery: RequestQuery {
    public var page = 1
    public var pageSize = AuditEntryBody.pageSize
    /// The identifier of a user. What is none of any user has done nothing.
    public var actor: String?
    public var action: String?
    public var since: WallTime?
    /// Exclusive: two lists that touch share no entry.
    public var until: WallTime?

    public init() {}

    public init(reading query: inout QueryReader) {
        page = query.integer("page", in: Paging.pages) ?? 1
        pageSize = query.integer("page_size", in: Paging.sizes) ?? AuditEntryBody.pageSize
        actor = query.text("actor")
        action = query.text("action", upTo: AuditListQuery.actionLength)
        since = query.time("since")
        until = query.time("until")
    }

    static let actionLength = 64

    public var form: URLEncodedForm {
        var form = URLEncodedForm()
        if page != 1 { form.append("page", String(page)) }
        if pageSize != AuditEntryBody.pageSize { form.append("page_size", String(pageSize)) }
        if let actor { form.append("actor", actor) }
        if let action { form.append("action", action) }
        if let since { form.append("since", since.rfc3339) }
        if let until { form.append("until", until.rfc3339) }
        return form
    }

    public static let parameters =
        Paging.parameters(size: AuditEntryBody.pageSize) + [
            Parameter("actor", .text(upTo: 256), "Only what the user of this identifier did."),
            Parameter("action", .text(upTo: actionLength), "Only this, such as login."),
            Parameter("since", .time, "Not before this time."),
            Parameter("until", .time, "Before this time."),
        ]
}
