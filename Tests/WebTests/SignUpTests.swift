import HTTPEngine
import TestKit
import Testing

@testable import Web

@Suite struct SignUpTests {
    @Test func `somebody makes an account and signs in to it`() async throws {
        try await withSite { _, browser in
            let form = try await browser.open("/signup?next=%2Fhello").form(to: "/signup")
            let page = try await browser.submit(
                form,
                ["username": "ada", "email": "ada@example.com", "password": Site.password]
            )
            #expect(page.path == "/login?next=%2Fhello" && page.text.contains("Your account ada was made."))
            let typed = ["username": "ada@example.com", "password": Site.password]
            let hello = try await browser.submit(try page.form(to: "/login"), typed)
            #expect(hello.path == "/hello" && hello.text.contains("ada"))
            // No administrator, and the API says so: the front end asks it each time.
            for path in ["/admin", "/admin/users", "/admin/users/new", "/admin/audit"] {
                let refused = try await browser.get(path)
                #expect(refused.status == 403 && !refused.text.contains(Site.administrator), "\(path)")
            }
        }
    }

    @Test func `what is wrong stands beside the fields, with what was typed`() async throws {
        try await withSite { _, browser in
            try await browser.signUp("ada")
            let scenarios: [(typed: [String: String], status: Int, words: String)] = [
                (["username": "x", "email": "no address", "password": "short"], 422, "password"),
                (
                    ["username": "ada", "email": "other@example.com", "password": Site.password], 409,
                    "This username is taken."
                ),
                (
                    ["username": "grace", "email": "ADA@example.com", "password": Site.password], 409,
                    "This e-mail address is taken."
                ),
            ]
            for scenario in scenarios {
                let form = try await browser.open("/signup").form(to: "/signup")
                let page = try await browser.post(form, scenario.typed)
                #expect(page.status == scenario.status && page.text.contains(scenario.words), "\(scenario)")
                let again = try page.form(to: "/signup")
                #expect(again["username"] == scenario.typed["username"] && again["email"] == scenario.typed["email"])
                #expect(again["password"] == "" && !page.text.contains(Site.password))
            }
        }
    }

    @Test(arguments: ["closed", "invite"])
    func `where nobody may make an account nobody is asked to`(_ mode: String) async throws {
        try await withSite(web: ["SIGNUP": mode], api: ["SIGNUP": mode]) { _, browser in
            #expect(try await !browser.open("/login").text.contains("href=\"/signup"))
            let page = try await browser.get("/signup")
            #expect(page.status == 403 && page.forms.allSatisfy { $0.action != "/signup" })
        }
        // The API decides, also where the front end was not told.
        try await withSite(api: ["SIGNUP": mode]) { _, browser in
            let form = try await browser.open("/signup").form(to: "/signup")
            let page = try await browser.post(
                form,
                ["username": "ada", "email": "a@example.com", "password": Site.password]
            )
            #expect(page.status == 403)
        }
    }
}
