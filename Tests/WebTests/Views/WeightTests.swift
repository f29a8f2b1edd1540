import Contract
import Linux
import Testing

@testable import Web

/// The weight of pages that show as much as there may be, with long values everywhere.
@Suite struct WeightTests {
    private static let longestPage = 20_000
    private static let name = "n-" + String(repeating: "a", count: 30)
    /// As long as any may be.
    private static let email = String(repeating: "a", count: 64) + "@" + String(repeating: "b", count: 189)
    private static let identifier = "019bc0a1-7e10-7c3d-9a52-5d1f2c88e410"

    private static func user(_ email: String = email) -> UserBody {
        UserBody(
            id: identifier,
            username: name,
            email: email,
            isAdmin: true,
            isActive: false,
            isEmailVerified: true,
            createdAt: Samples.now - .seconds(86_400 * 200),
            updatedAt: Samples.now,
            lastLoginAt: Samples.now - .seconds(86_400 * 100)
        )
    }

    private func weight(_ view: some PageView) throws -> Int {
        let frame = PageFrame(
            viewer: Viewer(username: WeightTests.name, isAdmin: true),
            csrfToken: FormToken.text(for: .random()),
            flash: Flash(kind: .success, message: "The user \(WeightTests.name) was changed."),
            requestID: String(repeating: "a", count: 32),
            now: Samples.now
        )
        return try TestPages.html(view, in: frame).utf8.count
    }

    private func list(_ user: UserBody = user(), _ query: UserListQuery = UserListQuery()) -> UsersView {
        let users = Array(repeating: user, count: 20)
        return UsersView(page: UserPage(items: users, page: 2, pageSize: 20, total: 4_812), query: query)
    }

    @Test func `twenty users with the longest addresses, and the same behind a dialog`() throws {
        #expect(try weight(list()) < WeightTests.longestPage)
        let edit = UserEditView(id: WeightTests.identifier, user: WeightTests.user(), isOneself: false, list: list())
        #expect(try weight(edit) < WeightTests.longestPage)
    }

    @Test func `twenty users found by a search, each with the way back to it`() throws {
        var query = UserListQuery()
        query.page = 2
        query.sorting = .lastLoginAt
        query.isActive = false
        query.search = "firstname.lastname@exam"
        let user = WeightTests.user("firstname.lastname@example.com" + String(repeating: "a", count: 70))
        #expect(try weight(list(user, query)) < WeightTests.longestPage)
    }

    @Test func `a hundred sessions are shown in pages, this device first`() throws {
        let sessions = (0..<100).map { index in
            SessionBody(
                id: WeightTests.identifier,
                device: "A browser on ChromeOS, the \(index)th",
                userAgent: "",
                address: "2001:db8:1111:2222:3333:4444:5555:6666",
                createdAt: Samples.now - .seconds(86_400 * 200),
                lastUsedAt: Samples.now - .seconds(86_400 * 100),
                expiresAt: Samples.now,
                isCurrent: index == 77
            )
        }
        let seen = try [1, 2, 10].map { number in
            let view = AccountView(
                section: .sessions,
                user: WeightTests.user(),
                sessions: sessions,
                sessionPage: number,
                problems: FormProblems(message: FailureWords.doubtful)
            )
            #expect(try weight(view) < WeightTests.longestPage)
            return try page(view)
        }
        let devices = seen.map { $0.texts.filter { $0.hasSuffix("th") } }
        #expect(devices[0].first == "A browser on ChromeOS, the 77th" && devices[0].count == 10)
        #expect(devices[1].first == "A browser on ChromeOS, the 9th" && devices[2].last?.hasSuffix("the 99th") == true)
        #expect(seen[0].texts.contains("1–10 of 100") && seen[2].texts.contains("91–100 of 100"))
        let next = seen[0].all("a").first { $0["rel"] == "next" }
        #expect(next?["href"] == "/account/sessions?page=2#sessions")
        #expect(seen[2].all("a").allSatisfy { $0["rel"] != "next" })
    }

    @Test(arguments: [(-1, 1), (0, 1), (3, 3), (4, 3), (.max, 3)])
    func `a page of sessions that there is not is the nearest one that there is`(asked: Int, shown: Int) throws {
        let sessions = Array(repeating: SessionBody.example, count: 25)
        let view = AccountView(section: .sessions, user: .example, sessions: sessions, sessionPage: asked)
        let first = (shown - 1) * 10 + 1
        #expect(try page(view).texts.contains("\(first)–\(min(first + 9, 25)) of 25"))
    }

    @Test func `few sessions have no pages`() throws {
        let sessions = Array(repeating: SessionBody.example, count: 10)
        let view = AccountView(section: .sessions, user: .example, sessions: sessions)
        #expect(try page(view).all("nav").allSatisfy { $0["class"] != "pages" })
    }

    @Test func `an audit full of whatever strangers typed as their names`() throws {
        let nobody = AuditEntryBody.Party(id: nil, name: String(repeating: "\"", count: 254))
        let entry = AuditEntryBody(
            id: WeightTests.identifier,
            at: Samples.now - .seconds(86_400 * 100),
            actor: nobody,
            action: "login.failed",
            isSuccess: false,
            target: AuditEntryBody.Party(id: nil, name: ""),
            before: nil,
            after: nil,
            address: "2001:db8:1111:2222:3333:4444:5555:6666",
            requestID: ""
        )
        let page = AuditPage(items: Array(repeating: entry, count: 20), page: 1, pageSize: 20, total: 10_000)
        let view = AuditView(page: page, query: AuditListQuery())
        #expect(try weight(view) < WeightTests.longestPage)
        #expect(try self.page(view).texts.contains(String(repeating: "\"", count: 64) + "…"))
    }

    private func page(_ view: some PageView) throws -> ReadPage {
        let frame = PageFrame(viewer: nil, csrfToken: "token", flash: nil, requestID: "1", now: Samples.now)
        return try ReadPage(try TestPages.html(view, in: frame))
    }
}
