import HTTPEngine
import Linux
import Operations
import TestKit
import Testing

@testable import Web

/// What people see while a part is away, and that nothing of theirs is lost by it.
@Suite struct FaultTests {
    @Test func `while the API is away every page says so, and afterwards all is as it was`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            let form = try await browser.open("/account").form(to: "/account")
            let creation = try await browser.open("/admin/users/new").form(to: "/admin/users/new")
            let id = try await browser.create("grace")
            let edit = try await browser.open("/admin/users/\(id)?page=2").form(to: "/admin/users/\(id)")
            try await site.killAPI()
            for path in ["/", "/hello", "/account", "/admin", "/admin/users", "/admin/audit"] {
                let page = try await browser.get(path)
                #expect(page.status == 503 && page.text.contains("does not answer"), "\(path)")
                #expect(page.response.fields.single(.retryAfter) == "5")
            }
            // What was typed stays.
            let profile = try await browser.post(form, ["username": "renamed", "email": "new@example.com"])
            #expect(profile.status == 503 && profile.text.contains("Nothing was changed"))
            #expect(profile.response.fields.single(.retryAfter) == "5")
            let kept = try profile.form(to: "/account")
            #expect(kept["username"] == "renamed" && kept["email"] == "new@example.com")
            let user = try await browser.post(
                creation,
                ["username": "ada", "email": "a@example.com", "password": Site.password]
            )
            #expect(user.status == 503 && !user.text.contains(Site.password))
            #expect(try user.form(to: "/admin/users/new")["username"] == "ada")
            let changed = try await browser.post(edit, ["username": "hopper", "password": "eleven grey herons"])
            #expect(changed.status == 503 && changed.text.contains("Nothing was changed"))
            let editAgain = try changed.form(to: "/admin/users/\(id)")
            #expect(editAgain["username"] == "hopper" && editAgain["email"] == "grace@example.com")
            #expect(editAgain.action.hasSuffix("?page=2") && !changed.text.contains("herons"))
            let stranger = Browser(browser.origin, on: browser.loop)
            let login = try await stranger.open("/login").form(to: "/login")
            let refused = try await stranger.post(login, ["username": "ada", "password": Site.password])
            #expect(refused.status == 503 && refused.text.contains("does not answer"))
            #expect(try refused.form(to: "/login")["username"] == "ada")
            let ready = try await stranger.get("/health/ready")
            #expect(ready.status == 503 && ready.text.contains("\"api\":{\"status\":\"down\""))
            #expect(try await stranger.get("/health").status == 200)
            // The page that was shown instead works.
            try await site.startAPI()
            let done = try await browser.submit(kept)
            #expect(done.status == 200 && done.text.contains("renamed"))
            #expect(try await browser.submit(editAgain).text.contains("The user hopper was changed."))
            #expect(try await stranger.get("/health/ready").status == 200)
        }
    }

    @Test func `while the API is away an exchange of tokens waits for it`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            try await site.killAPI()
            site.clock.advance(by: .seconds(1_000))
            #expect(try await browser.get("/hello").status == 503)
            try await site.startAPI()
            #expect(try await browser.get("/hello").status == 200)
            #expect(site.apiLog("/api/v1/auth/refresh").count == 1)
        }
    }

    @Test func `somebody can sign out while the API is away, and is told the truth`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            let form = try await browser.open("/").form(to: "/logout")
            let before = browser.copy()
            try await site.killAPI()
            let page = try await browser.submit(form)
            #expect(page.path == "/login" && page.text.contains("The service could not be told"))
            try await site.startAPI()
            #expect(try await before.get("/hello").status == 303)
        }
    }

    @Test func `an API that does not answer in time leaves doubt, and the page says so`() async throws {
        // Stands where the API should, and says nothing until the client gives up.
        let script: RawServer.Script = { connection, _ in try await connection.readToEnd() }
        try await withRawServer(script: script) { server, _ in
            try await withSite(web: ["API_URL": "\(HTTPOrigin(server.address))", "API_TIMEOUT": "100ms"]) {
                _,
                browser in
                let form = try await browser.open("/signup").form(to: "/signup")
                let page = try await browser.post(
                    form,
                    ["username": "ada", "email": "a@b.example", "password": "secret words"]
                )
                #expect(page.status == 503 && page.text.contains("Whether this was done is not known"))
                #expect(try page.form(to: "/signup")["username"] == "ada" && !page.text.contains("secret words"))
            }
        }
    }

    @Test(arguments: ["", "{}", "<html>", "[1", "null", "{\"error\":5}"])
    func `an answer that is not the API's is an error of ours, and shows nothing of it`(_ content: String) async throws
    {
        let answering: @Sendable (HTTPRequest) async throws -> HTTPResponse = { _ in
            HTTPResponse(fields: [.contentType: "application/json"], body: .text(content))
        }
        try await withServer(answering: answering) { server, _ in
            try await withSite(web: ["API_URL": "\(HTTPOrigin(server.addresses[0]))"]) { site, browser in
                let form = try await browser.open("/login").form(to: "/login")
                let page = try await browser.post(form, ["username": "ada", "password": "secret words"])
                #expect(page.status == 502 && browser.jar["gatehouse"] == nil)
                #expect(content.isEmpty || !page.text.contains(content))
                #expect(!site.sink.text.contains("secret words"))
            }
        }
    }
}
