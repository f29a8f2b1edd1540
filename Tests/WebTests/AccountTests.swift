import Contract
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import Web

@Suite struct AccountTests {
    @Test func `a profile is changed, and every page has the new name at once`() async throws {
        try await withSite { site, browser in
            try await browser.signUp("ada")
            try await browser.signIn("ada")
            let form = try await browser.open("/account").form(to: "/account")
            #expect(form["username"] == "ada" && form["email"] == "ada@example.com")
            let page = try await browser.submit(form, ["username": "Ada-L", "email": "ada@lovelace.example"])
            #expect(page.path == "/account" && page.text.contains("Your profile was changed."))
            let after = try page.form(to: "/account")
            #expect(after["username"] == "Ada-L" && after["email"] == "ada@lovelace.example")
            #expect(try await browser.get("/hello").text.contains("Ada-L"))
            // A page that is fetched anew changes nothing again.
            #expect(site.apiLog("/api/v1/auth/me").filter { $0.contains("method=PATCH") }.count == 1)
            _ = try await browser.signOut()
            try await browser.signIn("ada@lovelace.example")
        }
    }

    @Test func `what is wrong with a profile stands beside the field, with what was typed`() async throws {
        try await withSite { _, browser in
            try await browser.signUp("ada")
            try await browser.signUp("grace")
            try await browser.signIn("ada")
            let scenarios: [(String, String, Int, String)] = [
                ("grace", "ada@example.com", 409, "This username is taken."),
                ("ada", "grace@example.com", 409, "This e-mail address is taken."),
                ("a b", "ada@example.com", 422, "a b"), ("ada", "nowhere", 422, "nowhere"), ("", "", 422, "username"),
            ]
            for (name, email, status, words) in scenarios {
                let form = try await browser.open("/account").form(to: "/account")
                let page = try await browser.post(form, ["username": name, "email": email])
                #expect(page.status == status && page.text.contains(words), "\(name) \(email)")
                let again = try page.form(to: "/account")
                #expect(again["username"] == name && again["email"] == email)
            }
            #expect(try await browser.open("/account").form(to: "/account")["username"] == "ada")
        }
    }

    @Test func `a password is changed, and every other session ends`() async throws {
        try await withSite { _, browser in
            let other = Browser(browser.origin, on: browser.loop)
            try await browser.signUp("ada")
            try await browser.signIn("ada")
            try await other.signIn("ada")
            let path = "/account/password"
            let chosen = "eleven grey herons by the weir"
            let scenarios: [(String, String, Int)] = [
                ("not my password", chosen, 422), (Site.password, "short", 422), (Site.password, "password123", 422),
                ("", chosen, 422), (Site.password, "", 422),
            ]
            for (current, new, status) in scenarios {
                let form = try await browser.open(path).form(to: path)
                let page = try await browser.post(form, ["current_password": current, "new_password": new])
                #expect(page.status == status, "\(current) \(new)")
                let again = try page.form(to: path)
                #expect(again["current_password"] == "" && again["new_password"] == "")
                #expect(!page.text.contains(chosen) && !page.text.contains(Site.password))
            }
            #expect(try await other.get("/hello").status == 200)
            let form = try await browser.open(path).form(to: path)
            let typed = ["current_password": Site.password, "new_password": chosen]
            let page = try await browser.submit(form, typed)
            #expect(page.path == "/account" && page.text.contains("Your password was changed."))
            #expect(try await browser.get("/hello").status == 200)
            #expect(try await other.open("/hello").text.contains("Your session has ended."))
            let login = try await other.open("/login").form(to: "/login")
            #expect(try await other.post(login, ["username": "ada", "password": Site.password]).status == 422)
            try await other.signIn("ada", chosen)
        }
    }

    @Test func `who asks too often keeps what was typed, and is told when to try again`() async throws {
        let isBusy = Lock(false)
        try await withStandIn(for: .root) { request in
            guard isBusy.withLock({ $0 }) else { return nil }
            return .failure(.rateLimitExceeded)
        } _: { _, browser in
            let account = try await browser.open("/account")
            let profile = try account.form(to: "/account")
            let password = try account.form(to: "/account/password")
            let path = "/admin/users/\(UserBody.root.id)"
            let edit = try await browser.open(path).form(to: path)
            isBusy.withLock { $0 = true }
            let page = try await browser.post(profile, ["username": "grace", "email": "grace@example.com"])
            #expect(page.status == 429 && page.text.contains("That was too often. Try again in 5 seconds."))
            #expect(page.response.fields.single(.retryAfter) == "5")
            let again = try page.form(to: "/account")
            #expect(again["username"] == "grace" && again["email"] == "grace@example.com")
            let typed = ["current_password": Site.password, "new_password": "eleven grey herons by the weir"]
            let refused = try await browser.post(password, typed)
            #expect(refused.status == 429 && !refused.text.contains("herons"))
            #expect(try refused.form(to: "/account")["username"] == "root")
            let other = try await browser.post(edit, ["username": "hopper"])
            #expect(try other.status == 429 && other.form(to: path)["username"] == "hopper")
        }
    }

    @Test func `nobody ends the session of somebody else`() async throws {
        try await withSite { _, browser in
            let ada = Browser(browser.origin, on: browser.loop)
            let second = Browser(browser.origin, on: browser.loop)
            try await ada.signUp("ada")
            try await ada.signIn("ada")
            try await second.signIn("ada")
            try await browser.signIn()
            let listed = try await ada.open("/account/sessions").forms.filter { $0.action.hasSuffix("/end") }
            var form = try await browser.open("/account").form(to: "/account")
            form.action = try #require(listed.first?.action)
            let page = try await browser.submit(form)
            #expect(page.text.contains("ended already"))
            #expect(try await second.get("/hello").status == 200)
            form.action = "/account/sessions/not-an-id/end"
            #expect(try await browser.post(form).status == 404)
        }
    }
}
