import Contract
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import Web

@Suite struct AdministrationTests {
    @Test func `an administrator makes an account, and its owner signs in`() async throws {
        try await withSite { _, browser in
            let id = try await browser.signedIn().create("ada", isAdmin: true)
            let list = try await browser.open("/admin/users")
            #expect(list.text.contains("ada@example.com") && list.id(of: "ada") == id)
            let ada = Browser(browser.origin, on: browser.loop)
            #expect(try await ada.signIn("ada").text.contains("/admin/users"))
            #expect(try await ada.get("/admin/users").status == 200)
        }
    }

    @Test func `what is wrong with a new account stands beside the fields, over the list`() async throws {
        try await withSite { _, browser in
            try await browser.signIn()
            let form = try await browser.open("/admin/users/new").form(to: "/admin/users/new")
            let typed = ["username": Site.administrator, "email": "bad", "password": "short", "is_admin": "true"]
            let page = try await browser.post(form, typed)
            #expect(page.status == 422 && page.text.contains("root@example.com"))
            let again = try page.form(to: "/admin/users/new")
            #expect(again["username"] == Site.administrator && again["email"] == "bad" && again["password"] == "")
            #expect(again["is_admin"] == "true" && again["email_verified"] == nil)
            let taken = ["username": Site.administrator, "email": "a@example.com", "password": Site.password]
            let refused = try await browser.post(again, taken)
            #expect(refused.status == 409 && refused.text.contains("This username is taken."))
        }
    }

    @Test func `an account is edited over the list it was found on`() async throws {
        try await withSite { _, browser in
            let id = try await browser.signedIn().create("ada")
            let query = "?sort_by=username&search=ada"
            let page = try await browser.open("/admin/users/\(id)\(query)")
            let form = try page.form(to: "/admin/users/\(id)")
            #expect(form["username"] == "ada" && form["email"] == "ada@example.com")
            let refused = try await browser.post(form, ["username": Site.administrator, "email": "new@example.com"])
            #expect(refused.status == 409)
            let again = try refused.form(to: "/admin/users/\(id)")
            #expect(again["username"] == Site.administrator && again["email"] == "new@example.com")
            let typed = [
                "username": "countess", "email": "new@example.com", "password": "eleven grey herons by the weir",
            ]
            let done = try await browser.submit(again, typed)
            #expect(done.path == "/admin/users" + query && done.text.contains("The user countess was changed."))
            let ada = Browser(browser.origin, on: browser.loop)
            try await ada.signIn("countess", "eleven grey herons by the weir")
            // An empty password leaves it as it is.
            _ = try await ada.signOut()
            let third = try await browser.open("/admin/users/\(id)").form(to: "/admin/users/\(id)")
            _ = try await browser.submit(third, ["username": "ada"])
            try await ada.signIn("ada", "eleven grey herons by the weir")
        }
    }

    @Test func `a user who is switched off is out at the next click, and one who is switched on can come back`()
        async throws
    {
        try await withSite { _, browser in
            let id = try await browser.signedIn().create("ada")
            let ada = Browser(browser.origin, on: browser.loop)
            try await ada.signIn("ada")
            let page = try await browser.act("deactivate", on: id)
            #expect(page.path == "/admin/users/\(id)" && page.text.contains("ada was switched off"))
            #expect(try await ada.open("/").text.contains("Your session has ended."))
            try await browser.act("activate", on: id)
            try await ada.signIn("ada")
            try await browser.act("end-sessions", on: id)
            #expect(try await ada.get("/hello").status == 303)
        }
    }

    @Test func `a user is deleted after a question that names them`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            for (name, typed) in [("ada", [:]), ("grace", ["hard": "true"])] {
                let id = try await browser.create(name)
                let question = try await browser.open("/admin/users/\(id)/delete")
                #expect(question.text.contains("Delete \(name)?"))
                #expect(site.apiLog("/api/v1/users/\(id)").allSatisfy { $0.contains("method=GET") })
                let list = try await browser.act("delete", on: id, typed)
                #expect(list.path == "/admin/users" && list.text.contains("\(name) was deleted."))
                #expect(list.id(of: name) == nil)
                let deleted = site.apiLog("/api/v1/users/\(id)").filter { $0.contains("method=DELETE") }
                #expect(deleted.count == 1)
                #expect(try await browser.get("/admin/users/\(id)").status == 404)
                let gone = try await browser.get("/admin/users/\(id)/delete")
                #expect(gone.status == 404)
            }
        }
    }

    @Test func `a user is erased only by whoever ticks the box`() async throws {
        let deletions = Lock([String]())
        try await withStandIn(for: .root) { request in
            guard request.method == .delete else { return nil }
            deletions.withLock { $0.append(request.target) }
            return HTTPResponse(status: .noContent)
        } _: { _, browser in
            let target = "/api/v1/users/\(UserBody.root.id)"
            for typed in [[:], ["hard": "true"], ["hard": "false"], ["hard": "yes"]] {
                try await browser.act("delete", on: UserBody.root.id, typed)
            }
            #expect(deletions.withLock { $0 } == [target, target + "?hard=true", target, target])
        }
    }

    @Test func `the last administrator stays, and the page says why`() async throws {
        try await withSite { _, browser in
            try await browser.signIn()
            let id = try #require(try await browser.open("/admin/users").id(of: Site.administrator))
            for verb in ["deactivate", "remove-admin", "delete"] {
                let path = "/admin/users/\(id)/\(verb)"
                let form = try await browser.open(path).form(to: path)
                let page = try await browser.post(form)
                #expect(page.status == 409 && page.text.contains("last active administrator"), "\(verb)")
            }
            #expect(try await browser.get("/admin/users").status == 200)
        }
    }

    @Test func `who is no administrator changes nothing, by whatever form`() async throws {
        try await withSite { site, browser in
            let id = try await browser.signedIn().create("ada")
            let ada = Browser(browser.origin, on: browser.loop)
            try await ada.signIn("ada")
            var form = try await ada.open("/account").form(to: "/account")
            let actions =
                UserCommand.allCases.map { "/admin/users/\(id)/\($0.rawValue)" } + [
                    "/admin/users/\(id)", "/admin/users/new",
                ]
            for action in actions {
                form.action = action
                #expect(
                    try await ada.post(form, ["username": "eve", "password": Site.password]).status == 403,
                    "\(action)"
                )
                #expect(try await ada.get(action).status == 403, "\(action)")
            }
            let list = try await browser.open("/admin/users")
            #expect(list.id(of: "ada") == id && list.id(of: "eve") == nil)
            #expect(try await ada.get("/hello").status == 200)
            #expect(site.apiLog("/api/v1/users").filter { $0.contains("method=POST") }.count == 2)
        }
    }

    @Test func `the list has pages, an order, a search and filters, and keeps them on the way`() async throws {
        try await withSite { _, browser in
            try await browser.signIn()
            for number in 10..<35 { _ = try await browser.create("user-\(number)") }
            let first = try await browser.open("/admin/users?sort_by=username")
            #expect(first.text.contains("user-10") && !first.text.contains("user-29"))
            let links = first.text.pieces(from: "href=\"", to: "\"").map(\.unescaped)
            let next = try #require(links.first { $0.contains("page=2") })
            #expect(next.contains("sort_by=username"))
            let second = try await browser.open(next)
            #expect(second.text.contains("user-29") && !second.text.contains("user-10"))
            let found = try await browser.open("/admin/users?search=user-3")
            #expect(found.text.contains("user-34") && !found.text.contains("user-29"))
            #expect(try await browser.open("/admin/users?is_admin=true").text.contains(Site.administrator))
            #expect(try await !browser.open("/admin/users?is_admin=true").text.contains("user-29"))
            let none = try await browser.open("/admin/users?search=nobody-has-this")
            #expect(none.status == 200 && none.id(of: "user-10") == nil)
            // A page behind the last one leads to the last one.
            #expect(try await browser.get("/admin/users?page=9").location == "/admin/users?page=2")
            // However many an address asks for, a page is short.
            let long = try await browser.open("/admin/users?page_size=100")
            #expect(long.text.contains("1–20 of 26") && !long.text.contains("page_size"))
            for query in ["?page=0", "?page=x", "?sort_by=hash", "?unknown=1", "?search=%zz", "?page=1&page=2"] {
                #expect(try await browser.get("/admin/users\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test func `the overview and the audit tell what was done, and filters that can not be read are said to be wrong`()
        async throws
    {
        try await withSite { _, browser in
            let id = try await browser.signedIn().create("ada")
            try await browser.act("deactivate", on: id)
            let overview = try await browser.open("/admin")
            #expect(overview.status == 200 && overview.text.contains("ada") && overview.text.contains("<svg"))
            let audit = try await browser.open("/admin/audit")
            #expect(audit.status == 200 && audit.text.contains("ada"))
            #expect(try await browser.open("/admin/audit?action=login").text.contains(Site.administrator))
            #expect(try await browser.open("/admin/audit?since=2026-01-15&until=2026-01-16&actor=").status == 200)
            #expect(try await browser.open("/admin/audit?since=2026-01-15T10:30:00Z").status == 200)
            for query in [
                "since=yesterday", "until=2026-02-30", "page=0", "unknown=1", String(repeating: "x", count: 90) + "=1",
            ] {
                let page = try await browser.get("/admin/audit?\(query)")
                #expect(page.status == 422 && page.text.contains("ada"), "\(query)")
            }
            #expect(try await browser.get("/admin/audit?since=%zz").status == 400)
            // A page behind the last one leads to the last one.
            #expect(try await browser.get("/admin/audit?page=99").location == "/admin/audit")
            for _ in 0..<20 { try await browser.act("end-sessions", on: id) }
            let last = try await browser.get("/admin/audit?page=99&page_size=100")
            #expect(last.location == "/admin/audit?page=2")
            #expect(try await browser.open("/admin/audit?page=99&action=login").path == "/admin/audit?action=login")
            let none = try await browser.open("/admin/audit?page=99&action=nothing-like-it")
            #expect(none.path == "/admin/audit?action=nothing-like-it" && none.text.contains("Show everything"))
            let sized = try await browser.open("/admin/audit?page_size=1")
            #expect(sized.text.contains("1–20 of ") && !sized.text.contains("page_size"))
        }
    }
}
