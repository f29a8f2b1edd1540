internal import Database

/// Which users a list shows, and in which order.
struct UserQuery: Equatable, Sendable {
    enum Sorting: String, CaseIterable, Sendable {
        case createdAt = "created_at"
        case username
        case email
        case lastLoginAt = "last_login_at"
    }

    var sorting = Sorting.createdAt
    var isDescending = true
    /// Part of a username or an e-mail address; of one or two characters, its beginning.
    var search: String?
    var isActive: Bool?
    var isAdmin: Bool?
    var offset = 0
    var limit = 20

    var isSearch: Bool { searched != nil }

    private var searched: String? { search.flatMap { $0.isEmpty ? nil : $0 } }

    /// The same for a page and for a count.
    func condition(_ matcher: any UserSearch) -> SQL {
        var conditions = ["deleted_at IS NULL"] + flags
        if let searched { conditions.append(matcher.condition(for: searched)) }
        return SQL.joined(conditions, by: " AND ")
    }

    /// How many there are in all, of which the schema keeps the sum; NULL for a search.
    var total: SQL {
        if isSearch { return "CAST(NULL AS bigint)" }
        let kinds: SQL = flags.isEmpty ? "" : " WHERE \(SQL.joined(flags, by: " AND "))"
        return "(SELECT CAST(sum(count) AS bigint) FROM user_counts\(kinds))"
    }

    /// Part of the text, because a partial index is of use only to a statement that says what it is part of.
    private var flags: [SQL] {
        var flags: [SQL] = []
        if let isActive { flags.append(isActive ? "is_active" : "NOT is_active") }
        if let isAdmin { flags.append(isAdmin ? "is_admin" : "NOT is_admin") }
        return flags
    }

    /// As the indexes have it. The id makes every place unique.
    var order: SQL {
        switch (sorting, isDescending) {
        case (.createdAt, false): "created_at, id"
        case (.createdAt, true): "created_at DESC, id DESC"
        case (.username, false): "lower(username), id"
        case (.username, true): "lower(username) DESC, id DESC"
        case (.email, false): "lower(email), id"
        case (.email, true): "lower(email) DESC, id DESC"
        case (.lastLoginAt, false): "last_login_at NULLS FIRST, id"
        case (.lastLoginAt, true): "last_login_at DESC NULLS LAST, id DESC"
        }
    }
}

/// How many users there are of each kind.
struct UserCounts: Equatable, Sendable {
    private var counts = [0, 0, 0, 0]

    subscript(isActive isActive: Bool, isAdmin isAdmin: Bool) -> Int {
        get { counts[UserCounts.place(isActive, isAdmin)] }
        set { counts[UserCounts.place(isActive, isAdmin)] = newValue }
    }

    /// Of those that a list shows; nil stands for both.
    func total(isActive: Bool? = nil, isAdmin: Bool? = nil) -> Int {
        var total = 0
        for active in [false, true] where isActive ?? active == active {
            for admin in [false, true] where isAdmin ?? admin == admin {
                total += self[isActive: active, isAdmin: admin]
            }
        }
        return total
    }

    private static func place(_ isActive: Bool, _ isAdmin: Bool) -> Int { (isActive ? 2 : 0) + (isAdmin ? 1 : 0) }
}
