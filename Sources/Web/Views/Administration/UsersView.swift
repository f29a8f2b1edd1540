internal import Contract
internal import HTTPEngine
internal import Mustache

/// `/admin/users`: who has an account, in pages.
struct UsersView: PageView {
    static let template = "users"

    let page: UserPage
    let query: UserListQuery

    let title = "Users"
    let place: Navigation.Place? = .users

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        let pages = PageLinks(
            page: query.page,
            size: page.pageSize,
            total: page.total,
            countLimit: query.search == nil ? nil : UserBody.countLimit,
            shown: page.items.count
        )
        return [
            ("new", .string(PageAddress.newUser(query))),
            ("search", search),
            ("filters", .list(filters)),
            ("columns", .list(columns)),
            ("rows", .list(page.items.map { row($0, frame) })),
            ("empty", page.items.isEmpty ? empty : .null),
            ("pages", pages.value { page in address { $0.page = page } }),
        ]
    }

    /// What is seen of the list behind a dialog.
    func backdrop(in frame: PageFrame) -> MustacheValue {
        let rows = page.items.map { user in
            MustacheValue.object([
                "username": .string(user.username),
                "email": .string(user.email),
                "is_admin": .boolean(user.isAdmin),
                "is_active": .boolean(user.isActive),
                "last_login": .string(user.lastLoginAt.map { TimeInWords(time: $0, now: frame.now).words } ?? "never"),
            ])
        }
        return ["rows": .list(rows)]
    }

    private func row(_ user: UserBody, _ frame: PageFrame) -> MustacheValue {
        [
            "address": .string(PageAddress.user(user.id, query)),
            "username": .string(user.username),
            "email": .string(user.email),
            "is_admin": .boolean(user.isAdmin),
            "is_active": .boolean(user.isActive),
            "created": frame.words(for: user.createdAt),
            "last_login": frame.words(for: user.lastLoginAt),
        ]
    }

    private func address(_ change: (inout UserListQuery) -> Void) -> String {
        var changed = query
        changed.page = 1
        change(&changed)
        return PageAddress.users(changed)
    }

    /// The search keeps order and filter.
    private var search: MustacheValue {
        var kept = query
        kept.page = 1
        kept.search = nil
        let hidden = kept.form.pairs.map {
            MustacheValue.object(["name": .string($0.name), "value": .string($0.value)])
        }
        return [
            "action": .string(PageAddress.users),
            "text": .string(query.search ?? ""),
            "hidden": .list(hidden),
        ]
    }
}

extension UsersView {
    private var filters: [MustacheValue] {
        [
            filter("All", isActive: nil, isAdmin: nil),
            filter("Active", isActive: true, isAdmin: nil),
            filter("Admins", isActive: nil, isAdmin: true),
            filter("Off", isActive: false, isAdmin: nil),
        ]
    }

    private func filter(_ words: String, isActive: Bool?, isAdmin: Bool?) -> MustacheValue {
        let address = address {
            $0.isActive = isActive
            $0.isAdmin = isAdmin
        }
        let isCurrent = query.isActive == isActive && query.isAdmin == isAdmin
        return ["address": .string(address), "words": .string(words), "is_current": .boolean(isCurrent)]
    }

    private var columns: [MustacheValue] {
        [
            column("Name", .username),
            column("E-mail", .email),
            ["words": "Role", "sort": .null],
            column("Created", .createdAt),
            column("Last seen", .lastLoginAt),
        ]
    }

    private func column(_ words: String, _ sorting: UserListQuery.Sorting) -> MustacheValue {
        let isCurrent = query.sorting == sorting
        let address = address {
            $0.sorting = sorting
            // The column that sorts already turns round.
            $0.isDescending = isCurrent ? !query.isDescending : sorting.isDescendingByItself
        }
        let sort: MustacheValue = [
            "address": .string(address),
            "order": isCurrent ? .string(query.isDescending ? "descending" : "ascending") : .null,
            "is_descending": .boolean(query.isDescending),
        ]
        return ["words": .string(words), "sort": sort]
    }

    /// Why there is nothing to see, and what helps.
    private var empty: MustacheValue {
        if page.total > 0 {
            let last = address { $0.page = page.pages }
            return [
                "sentence": "There are not so many pages.", "address": .string(last), "words": "Go to the last one",
            ]
        }
        if query.search != nil || query.isActive != nil || query.isAdmin != nil {
            return [
                "sentence": "Nobody matches.", "address": .string(PageAddress.users), "words": "Show all users",
            ]
        }
        return ["sentence": "There are no users yet.", "address": .string(PageAddress.newUser), "words": "Create user"]
    }
}
