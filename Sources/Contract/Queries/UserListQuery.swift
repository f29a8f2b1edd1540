public import HTTPEngine

/// Which users a list shows, and in which order.
public struct UserListQuery: RequestQuery {
    public enum Sorting: String, CaseIterable, Sendable {
        case createdAt = "created_at"
        case username
        case email
        case lastLoginAt = "last_login_at"
    }

    enum Order: String, CaseIterable, Sendable {
        case ascending = "asc"
        case descending = "desc"
    }

    public var page = 1
    public var pageSize = UserBody.pageSize
    public var sorting = Sorting.createdAt
    public var isDescending = true
    /// Part of a username or an e-mail address.
    public var search: String?
    public var isActive: Bool?
    public var isAdmin: Bool?

    public init() {}

    public init(reading query: inout QueryReader) {
        page = query.integer("page", in: Paging.pages) ?? 1
        pageSize = query.integer("page_size", in: Paging.sizes) ?? UserBody.pageSize
        sorting = query.one("sort_by") ?? .createdAt
        let order: Order? = query.one("sort_order")
        // The newest first, and names from a to z.
        isDescending = order.map { $0 == .descending } ?? sorting.isDescendingByItself
        search = query.text("search", upTo: UserListQuery.searchLength)
        isActive = query.boolean("is_active")
        isAdmin = query.boolean("is_admin")
    }

    /// No address is longer.
    static let searchLength = 254

    public var form: URLEncodedForm {
        var form = URLEncodedForm()
        if page != 1 { form.append("page", String(page)) }
        if pageSize != UserBody.pageSize { form.append("page_size", String(pageSize)) }
        if sorting != .createdAt { form.append("sort_by", sorting.rawValue) }
        if isDescending != sorting.isDescendingByItself {
            form.append("sort_order", (isDescending ? Order.descending : .ascending).rawValue)
        }
        if let search { form.append("search", search) }
        if let isActive { form.append("is_active", String(isActive)) }
        if let isAdmin { form.append("is_admin", String(isAdmin)) }
        return form
    }

    public static let parameters =
        Paging.parameters(size: UserBody.pageSize) + [
            Parameter("sort_by", .one(of: Sorting.allCases.map(\.rawValue)), "created_at when left out."),
            Parameter(
                "sort_order",
                .one(of: Order.allCases.map(\.rawValue)),
                "When left out: desc for times, asc for names."
            ),
            Parameter("search", .text(upTo: searchLength), "Part of a username or an e-mail address."),
            Parameter("is_active", .boolean, "Only those who are, or who are not."),
            Parameter("is_admin", .boolean, "Only those who are, or who are not."),
        ]
}

extension UserListQuery.Sorting {
    public var isDescendingByItself: Bool {
        switch self {
        case .createdAt, .lastLoginAt: true
        case .username, .email: false
        }
    }
}
