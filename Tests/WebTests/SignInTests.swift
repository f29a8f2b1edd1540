import HTTPEngine
import Linux
import TestKit
import Testing

@testable import Web

@Suite struct SignInTests {
    @Test func `somebody signs in, sees the dashboard and the greeting, and signs out`() async throws {
        try await withSite { site, browser in
            let start = try await browser.open("/")
            #expect(start.path == "/login" && start.status == 200)
            let home = try await browser.signIn()
            #expect(home.text.contains(Site.administrator))
            let hello = try await browser.open("/hello")
            #expect(hello.status == 200 && hello.text.contains("hello world"))
            #expect(hello.text.contains(Site.administrator))
            #expect(site.apiLog("/api/v1/hello").count == 1)
            let before = browser.copy()
            let end = try await browser.signOut()
            #expect(end.path == "/login" && end.text.contains("You have signed out."))
            // It is said once.
            #expect(try await !browser.open("/login").text.contains("You have signed out."))
            // Nothing is left of it: neither with the cookie as it was, nor at the API.
            #expect(try await before.get("/hello").location == "/login?next=%2Fhello")
            #expect(site.apiLog("/api/v1/auth/logout").contains { $0.contains("status=204") })
        }
    }

    @Test func `a username and an e-mail address both do, in any case`() async throws {
        try await withSite { _, browser in
            for name in ["Root-Admin", "root@example.com", "ROOT@Example.Com"] {
                try await browser.signIn(name)
                _ = try await browser.signOut()
            }
        }
    }

    @Test func `a sign-in that fails keeps what was typed but for the password, and says what is wrong`() async throws {
        try await withSite { site, browser in
            let id = try await browser.signedIn().create("switched-off")
            try await browser.act("deactivate", on: id)
            _ = try await browser.signOut()
            let scenarios: [(name: String, password: String, status: Int, words: String)] = [
                (Site.administrator, "not the password", 422, "The name or the password is wrong."),
                ("nobody-here", "not the password", 422, "The name or the password is wrong."),
                ("", "not the password", 422, "Enter your username or e-mail address."),
                (Site.administrator, "", 422, "Enter your password."),
                ("switched-off", Site.password, 403, "This account is not active."),
            ]
            for scenario in scenarios {
                let form = try await browser.open("/login").form(to: "/login")
                let page = try await browser.post(
                    form,
                    ["username": scenario.name, "password": scenario.password, "remember": "true"]
                )
                #expect(page.status == scenario.status && page.text.contains(scenario.words), "\(scenario)")
                let again = try page.form(to: "/login")
                #expect(again["username"] == scenario.name && again["password"] == "" && again["remember"] == "true")
                if !scenario.password.isEmpty { #expect(!page.text.contains(scenario.password)) }
                #expect(try await browser.get("/hello").status == 303)
            }
            // The page that says so works as well as the first one.
            try await browser.signIn()
            #expect(site.apiLog("/api/v1/auth/login").count == 5)
        }
    }

    @Test func `after too many failures the time to wait is told, and a known browser is spared`() async throws {
        try await withSite(api: ["LOGIN_ATTEMPTS": "2", "LOGIN_BACKOFF_FIRST": "100s"]) { _, browser in
            try await browser.signIn()
            _ = try await browser.signOut()
            let device = try #require(browser.jar["gatehouse-device"])
            let line = try #require(browser.received.first { $0.hasPrefix("gatehouse-device=") })
            #expect(line.contains("; HttpOnly") && line.contains("; Max-Age=7776000"))
            let stranger = Browser(browser.origin, on: browser.loop)
            // From elsewhere, as a proxy of ours says.
            stranger.fields = [.xForwardedFor: "203.0.113.9"]
            var page = try await stranger.open("/login")
            for _ in 0..<3 {
                page = try await stranger.post(
                    try page.form(to: "/login"),
                    ["username": Site.administrator, "password": "wrong guesses"]
                )
            }
            #expect(page.status == 429 && page.text.contains("Try again in"))
            let seconds = try #require(page.response.fields.single(.retryAfter).flatMap(Int.init))
            #expect((1...100).contains(seconds))
            #expect(try page.form(to: "/login")["username"] == Site.administrator)
            // The right password does not help there, and the owner does not notice, wherever they are now.
            let right = ["username": Site.administrator, "password": Site.password]
            #expect(try await stranger.post(try page.form(to: "/login"), right).status == 429)
            browser.fields = [.xForwardedFor: "198.51.100.7"]
            try await browser.signIn()
            #expect(browser.jar["gatehouse-device"] != device)
        }
    }

    @Test func `the API is told whose address and which browser it is`() async throws {
        try await withSite { site, browser in
            browser.fields = [.xForwardedFor: "192.0.2.1, 203.0.113.77", .xRequestID: "asked-for-by-a-test"]
            try await browser.signIn()
            let page = try await browser.open("/account/sessions")
            #expect(page.text.contains("203.0.113.77") && page.text.contains("Firefox"))
            #expect(!page.text.contains("192.0.2.1"))
            #expect(site.apiLog("/api/v1/auth/login").allSatisfy { $0.contains("request_id=asked-for-by-a-test") })
        }
    }

    @Test func `a sign-in leads back to where somebody wanted to go`() async throws {
        try await withSite { _, browser in
            let login = try await browser.open("/account/sessions?a=1&b=%2F")
            #expect(login.path == "/login?next=%2Faccount%2Fsessions%3Fa%3D1%26b%3D%252F")
            let typed = ["username": Site.administrator, "password": Site.password]
            let wrong = try await browser.post(try login.form(to: "/login"), ["username": "x", "password": "y"])
            let page = try await browser.post(try wrong.form(to: "/login"), typed)
            #expect(page.status == 303 && page.location == "/account/sessions?a=1&b=%2F")
            // Who is signed in needs no sign-in.
            #expect(try await browser.get("/login?next=%2Fhello").location == "/hello")
            #expect(try await browser.get("/login").location == "/")
            #expect(try await browser.get("/signup").location == "/")
        }
    }

    @Test func `nobody is led to another site`() async throws {
        try await withSite { _, browser in
            for next in LocalPathTests.elsewhere {
                let address = "/login?" + (["next": next] as URLEncodedForm).serialized
                let form = try await browser.open(address).form(to: "/login")
                #expect(form["next"] == nil, "\(next)")
                let typed = ["username": Site.administrator, "password": Site.password, "next": next]
                #expect(try await browser.post(form, typed).location == "/", "\(next)")
                #expect(try await browser.get(address).location == "/", "\(next)")
                _ = try await browser.signOut()
            }
        }
    }

    @Test func `a sign-in makes a new id, whatever the browser brought`() async throws {
        try await withSite { _, browser in
            let planted = BrowserSecret.random().text
            browser.setCookie("gatehouse", planted)
            let form = try await browser.open("/login").form(to: "/login")
            #expect(browser.jar["gatehouse"] == nil)
            browser.setCookie("gatehouse", planted)
            let typed = ["username": Site.administrator, "password": Site.password]
            #expect(try await browser.post(form, typed).status == 303)
            let first = try #require(browser.jar["gatehouse"])
            #expect(first != planted)
            let thief = Browser(browser.origin, on: browser.loop)
            thief.setCookie("gatehouse", planted)
            #expect(try await thief.get("/hello").status == 303)
            // Signing in anew ends what was before, with a form of the old session, too.
            let old = browser.copy()
            let again = try await browser.open("/").form(to: "/logout").fields
            let token = try #require(again.first { $0.name == FormToken.field }?.value)
            let page = try await browser.post(
                "/login",
                ["username": Site.administrator, "password": Site.password, FormToken.field: token]
            )
            #expect(page.status == 303 && browser.jar["gatehouse"] != first)
            #expect(try await old.get("/hello").status == 303)
            #expect(try await browser.get("/hello").status == 200)
        }
    }

    @Test func `the cookie lasts as long as the browser, or as a session may when somebody asked for it`() async throws
    {
        try await withSite(web: ["WEB_SESSION_MAX_SECONDS": "86400"]) { _, browser in
            try await browser.signIn()
            let short = try #require(browser.received.last { $0.hasPrefix("gatehouse=") })
            #expect(short.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
            _ = try await browser.signOut()
            try await browser.signIn(remember: true)
            let long = try #require(browser.received.last { $0.hasPrefix("gatehouse=") })
            #expect(long.hasSuffix("; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax"))
        }
    }

    @Test func `by https cookies are for https and this host only`() async throws {
        try await withSite { _, browser in
            browser.fields = [.xForwardedProto: "https"]
            let form = try await browser.open("/login").form(to: "/login")
            let typed = ["username": Site.administrator, "password": Site.password]
            let origin: HTTPFields = [.origin: "https://\(browser.origin.authority)"]
            #expect(try await browser.post("/login", form.filled(typed), origin).status == 303)
            #expect(browser.received.count >= 3)
            for line in browser.received {
                #expect(line.hasPrefix("__Host-gatehouse") && line.contains("; Path=/;") && line.contains("; Secure"))
                #expect(!line.contains("Domain"))
            }
            #expect(try await browser.get("/hello").status == 200)
            // A cookie without the prefix could have been planted by a neighbour: it is not looked at.
            let session = try #require(browser.jar["__Host-gatehouse"])
            let other = Browser(browser.origin, on: browser.loop)
            other.fields = browser.fields
            other.setCookie("gatehouse", session)
            #expect(try await other.get("/hello").status == 303)
        }
    }
}
