import Contract
import HTTPEngine
import Linux
import Testing

/// What stands behind the `?`.
@Suite struct RequestQueryTests {
    private func problems<Query: RequestQuery>(_ query: Query.Type, _ text: Substring) throws -> [String] {
        let received = try Query.read(text)
        do throws(InvalidFields) {
            _ = try received.valid()
            return []
        } catch {
            return error.fields.entries.map(\.name)
        }
    }

    private func check<Query: RequestQuery>(_ query: Query) throws {
        let text = query.serialized
        #expect(text.isEmpty || text.hasPrefix("?"))
        #expect(try Query.read(text.dropFirst()).valid() == query)
    }

    @Test func `every query comes back as it was written`() throws {
        try check(UserListQuery())
        for sorting in UserListQuery.Sorting.allCases {
            for descending in [false, true] {
                var query = UserListQuery()
                query.sorting = sorting
                query.isDescending = descending
                query.search = "a b&c=d+é%"
                query.isActive = descending
                query.isAdmin = !descending
                query.page = 1_000_000
                query.pageSize = 100
                try check(query)
            }
        }
        var audit = AuditListQuery()
        try check(audit)
        audit.page = 2
        audit.pageSize = 1
        audit.actor = "0198c0de-7a3b-7c11-9d2e-5f6a7b8c9d0e"
        audit.action = "user.update"
        audit.since = WallTime(rfc3339: "2026-01-15T10:30:00Z")
        audit.until = WallTime(rfc3339: "2026-02-15T10:30:00Z")
        try check(audit)
        try check(UserDeletionQuery())
        try check(UserDeletionQuery(isHard: true))
    }

    @Test func `without a query a list shows its first page, the newest first`() throws {
        let query = try UserListQuery.read(nil).valid()
        #expect(query.page == 1 && query.pageSize == 20 && query.sorting == .createdAt && query.isDescending)
        #expect(query.search == nil && query.isActive == nil && query.isAdmin == nil)
        #expect(try !UserListQuery.read("sort_by=username").valid().isDescending)
        #expect(UserListQuery().serialized.isEmpty)
    }

    @Test func `an empty value is none, as forms send it`() throws {
        #expect(try UserListQuery.read("search=&is_active=&page=&sort_by=").valid() == UserListQuery())
    }

    @Test(arguments: [
        ("page=0", ["page"]), ("page=-1", ["page"]), ("page=%2B1", ["page"]), ("page=1000001", ["page"]),
        ("page=99999999999999999999", ["page"]), ("page=1.0", ["page"]), ("page=\u{664}", ["page"]),
        ("page_size=101&is_admin=1&sort_by=password_hash", ["page_size", "sort_by", "is_admin"]),
        ("sort_order=DESC", ["sort_order"]), ("is_active=true&is_active=false", ["is_active"]),
        ("is_activ=false", ["is_activ"]),
    ])
    func `every problem of a query is told at once`(_ text: String, _ names: [String]) throws {
        #expect(try problems(UserListQuery.self, text[...]) == names)
    }

    @Test func `a search is bounded`() throws {
        #expect(try problems(UserListQuery.self, "search=\(String(repeating: "x", count: 254))").isEmpty)
        #expect(try problems(UserListQuery.self, "search=\(String(repeating: "x", count: 255))") == ["search"])
    }

    @Test func `times and unknown names of the audit are looked at`() throws {
        #expect(
            try problems(AuditListQuery.self, "since=yesterday&until=2026-01-15&form=1") == ["since", "until", "form"]
        )
        #expect(try problems(UserDeletionQuery.self, "Hard=true") == ["Hard"])
    }

    @Test(arguments: ["page=%zz", "search=%00", "search=%C0%AF"])
    func `what is not percent-encoded text has no parameter to blame`(_ text: String) {
        #expect(throws: URLEncodedFormError.self) { try UserListQuery.read(text[...]) }
    }

    @Test func `a flood of unknown parameters gets a short answer`() throws {
        let text = (0..<90).map { "p\($0)=1" }.joined(separator: "&")
        #expect(try problems(UserListQuery.self, text[...]).count == 10)
    }
}
