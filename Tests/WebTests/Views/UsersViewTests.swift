import Contract
import HTTPEngine
import Testing

@testable import Web

@Suite struct UsersViewTests {
    private static let frame = PageFrame(
        viewer: Viewer(username: "ada", isAdmin: true),
        csrfToken: "token",
        flash: nil,
        requestID: "1",
        now: Samples.now
    )

    private func page(_ view: some PageView) throws -> ReadPage {
        try ReadPage(try TestPages.html(view, in: UsersViewTests.frame))
    }

    private func list(_ count: Int, _ total: Int, _ query: UserListQuery = UserListQuery()) -> UsersView {
        let users = (0..<count).map(Samples().user)
        return UsersView(page: UserPage(items: users, page: query.page, pageSize: 20, total: total), query: query)
    }

    @Test func `the column that sorts says so, and turns round`() throws {
        var query = UserListQuery()
        let newest = try page(list(3, 3, query)).all("th").filter { $0["aria-sort"] != nil }
        #expect(newest.map { $0["aria-sort"] } == ["descending"])
        #expect(try page(list(3, 3)).all("a").contains { $0["href"] == "/admin/users?sort_order=asc" })
        query.sorting = .username
        query.isDescending = false
        query.search = "a&b"
        let page = try page(list(3, 3, query))
        #expect(page.all("th").compactMap { $0["aria-sort"] } == ["ascending"])
        let links = page.all("a").compactMap { $0["href"] }
        #expect(links.contains("/admin/users?sort_by=username&sort_order=desc&search=a%26b"))
        #expect(links.contains("/admin/users?sort_by=email&search=a%26b"))
    }

    @Test func `pages lead to each other and keep what was asked for`() throws {
        var query = UserListQuery()
        query.page = 3
        query.isActive = true
        let page = try page(list(20, 4_812, query))
        let links = page.all("a")
        #expect(page.texts.contains("41–60 of 4,812"))
        #expect(links.first { $0["rel"] == "prev" }?["href"] == "/admin/users?page=2&is_active=true")
        #expect(links.first { $0["rel"] == "next" }?["href"] == "/admin/users?page=4&is_active=true")
        // A filter begins at the first page again.
        #expect(links.contains { $0["href"] == "/admin/users?is_admin=true" })
    }

    @Test(arguments: [(1, 20, 20), (2, 3, 23), (1, 1, 1)])
    func `there is no next page behind the last one`(number: Int, count: Int, total: Int) throws {
        var query = UserListQuery()
        query.page = number
        let links = try page(list(count, total, query)).all("a")
        #expect(links.allSatisfy { $0["rel"] != "next" })
        #expect(links.contains { $0["rel"] == "prev" } == (number > 1))
    }

    @Test func `a total that was not counted to its end says so`() throws {
        var query = UserListQuery()
        #expect(try page(list(20, 1_000, query)).texts.contains("1–20 of 1,000"))
        query.search = "a"
        #expect(try page(list(20, 999, query)).texts.contains("1–20 of 999"))
        #expect(try page(list(20, 1_000, query)).texts.contains("1–20 of 1,000 or more"))
        for (total, words) in [(9_999, "1–20 of 9,999"), (10_000, "1–20 of 10,000 or more")] {
            let audit = try page(AuditView(page: Samples().audit(20, of: total), query: AuditListQuery()))
            #expect(audit.texts.contains(words))
        }
    }

    @Test func `an empty list says why, and what helps`() throws {
        var query = UserListQuery()
        #expect(try page(list(0, 0, query)).texts.contains { $0.hasPrefix("There are no users yet.") })
        query.search = "nobody"
        #expect(try page(list(0, 0, query)).texts.contains { $0.hasPrefix("Nobody matches.") })
        query.page = 9
        let beyond = try page(list(0, 23, query))
        #expect(beyond.texts.contains { $0.hasPrefix("There are not so many pages.") })
        #expect(beyond.all("a").contains { $0["href"] == "/admin/users?page=2&search=nobody" })
    }

    @Test func `a search keeps order and filter`() throws {
        var query = UserListQuery()
        query.sorting = .email
        query.isDescending = false
        query.isAdmin = true
        query.search = "x"
        let page = try page(list(1, 1, query))
        let hidden = page.all("input").filter { $0["type"] == "hidden" && $0["name"] != "csrf_token" }
        #expect(hidden.map { "\($0["name"] ?? "")=\($0["value"] ?? "")" } == ["sort_by=email", "is_admin=true"])
        #expect(page.all("input").first { $0["type"] == "search" }?["value"] == "x")
    }

    @Test func `a dialog leads back to the list it came from`() throws {
        var query = UserListQuery()
        query.page = 2
        let user = Samples().user(2)
        let page = try page(
            UserEditView(id: user.id, user: user, isOneself: false, listQuery: query, list: list(20, 60, query))
        )
        #expect(page.all("dialog").first?["open"] != nil)
        #expect(page.all("a").count { $0["href"] == "/admin/users?page=2" } == 2)
        #expect(page.all("form").contains { $0["action"] == "/admin/users/\(user.id)?page=2" })
        for verb in ["make-admin", "deactivate", "end-sessions", "delete"] {
            #expect(page.all("a").contains { $0["href"] == "/admin/users/\(user.id)/\(verb)?page=2" }, "\(verb)")
        }
        // The list behind can be seen and not be reached.
        let backdrop = try #require(page.elements.first { $0["class"] == "backdrop" })
        #expect(backdrop["aria-hidden"] == "true")
        #expect(page.all("table").count == 1 && page.all("a").allSatisfy { !$0.path.contains("table") })
    }

    @Test func `nobody is offered to lock the own door from outside`() throws {
        let user = Samples().user(0)
        let page = try page(UserEditView(id: user.id, user: user, isOneself: true))
        let links = page.all("a").compactMap { $0["href"] }
        #expect(links.contains { $0.hasSuffix("/end-sessions") })
        for verb in ["deactivate", "remove-admin", "delete"] { #expect(!links.contains { $0.hasSuffix("/\(verb)") }) }
        // A password that an administrator gives ends every session of the user, here the own one.
        #expect(
            page.all("input").allSatisfy { $0["type"] != "password" } && links.contains("/account/password#password")
        )
    }

    @Test func `what is shown without the list leads back to where one was in it`() throws {
        var query = UserListQuery()
        query.page = 3
        query.search = "a&b"
        let address = "page=3&search=a%26b"
        let user = Samples().user(2)
        let edit = try page(UserEditView(id: user.id, user: nil, isOneself: false, listQuery: query))
        #expect(edit.all("form").contains { $0["action"] == "/admin/users/\(user.id)?\(address)" })
        let creation = try page(UserCreationView(listQuery: query))
        #expect(creation.all("form").contains { $0["action"] == "/admin/users/new?\(address)" })
        for page in [edit, creation] {
            #expect(page.all("a").count { $0["href"] == "/admin/users?\(address)" } == 2)
        }
        #expect(try page(list(3, 43, query)).all("a").contains { $0["href"] == "/admin/users/new?\(address)" })
    }

    @Test func `a question names the user, and only deleting asks for more`() throws {
        let user = Samples().user(2)
        let delete = try page(ConfirmView(action: .user(.delete(user))))
        #expect(delete.texts.contains("Delete grace?") && delete.texts.contains("Delete grace"))
        #expect(delete.all("input").contains { $0["name"] == "hard" && $0["checked"] == nil })
        #expect(delete.all("form").contains { $0["action"] == "/admin/users/\(user.id)/delete" })
        let deactivate = try page(ConfirmView(action: .user(.deactivate(user))))
        #expect(deactivate.all("input").allSatisfy { $0["name"] == "csrf_token" })
        #expect(ConfirmView(action: .user(.delete(user)), problem: "no").status == .conflict)
    }
}
