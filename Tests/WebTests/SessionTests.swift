import Contract
import Ephemeral
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import Web

/// How sessions begin, last and end.
@Suite struct SessionTests {
    private static let ended = "Your session has ended. Sign in again to go on."

    @Test func `a session ends when nobody used it, and lasts while somebody does`() async throws {
        try await withSite(web: ["WEB_SESSION_IDLE_SECONDS": "600"]) { site, browser in
            try await browser.signIn()
            for _ in 0..<4 {
                site.clock.advance(by: .seconds(500))
                #expect(try await browser.get("/hello").status == 200)
            }
            site.clock.advance(by: .seconds(601))
            let page = try await browser.open("/hello")
            #expect(page.path == "/login?next=%2Fhello" && page.text.contains(SessionTests.ended))
            #expect(browser.jar["gatehouse"] == nil)
        }
    }

    @Test func `no session lasts longer than it may, and one that is kept does not end by idleness`() async throws {
        let variables = ["WEB_SESSION_IDLE_SECONDS": "600", "WEB_SESSION_MAX_SECONDS": "3000"]
        try await withSite(web: variables) { site, browser in
            let kept = Browser(browser.origin, on: browser.loop)
            try await kept.signIn(remember: true)
            try await browser.signIn()
            for _ in 0..<5 {
                site.clock.advance(by: .seconds(550))
                #expect(try await browser.get("/hello").status == 200)
            }
            #expect(try await kept.get("/hello").status == 200)
            site.clock.advance(by: .seconds(251))
            #expect(try await browser.get("/hello").status == 303)
            #expect(try await kept.get("/hello").status == 303)
        }
    }

    @Test func `somebody who signs out elsewhere is out at the very next click`() async throws {
        try await withSite { _, browser in
            let other = Browser(browser.origin, on: browser.loop)
            other.userAgent =
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
            try await browser.signIn()
            try await other.signIn()
            let page = try await browser.open("/account/sessions")
            #expect(page.text.contains("Firefox") && page.text.contains("Chrome"))
            // One's own session is ended by signing out; only the other one has a form here.
            let forms = page.forms.filter { $0.action.hasSuffix("/end") }
            #expect(forms.count == 1)
            let after = try await browser.submit(try #require(forms.first))
            #expect(after.status == 200 && after.text.contains("You have been signed out there."))
            #expect(!after.text.contains("Chrome"))
            let out = try await other.open("/account")
            #expect(out.path == "/login?next=%2Faccount" && out.text.contains(SessionTests.ended))
            // Once more is no error.
            let again = try await browser.submit(try #require(forms.first))
            #expect(again.status == 200 && again.text.contains("ended already"))
        }
    }

    @Test func `signing out everywhere ends all sessions`() async throws {
        try await withSite { _, browser in
            let other = Browser(browser.origin, on: browser.loop)
            try await browser.signIn()
            try await other.signIn()
            let path = "/account/sessions/end-all"
            let page = try await browser.submit(try await browser.open(path).form(to: path))
            #expect(page.path == "/login" && page.text.contains("You have signed out everywhere."))
            #expect(try await browser.get("/hello").status == 303)
            #expect(try await other.open("/hello").text.contains(SessionTests.ended))
        }
    }

    @Test func `64 requests at once with an access token that is over make one exchange`() async throws {
        try await withSite(loops: 2) { site, browser in
            try await browser.signIn()
            site.clock.advance(by: .seconds(1_000))
            let (origin, jar, loop) = (browser.origin, browser.jar, site.loop)
            let tasks = (0..<64).map { _ in
                Task(executorPreference: loop) {
                    let one = Browser(origin, on: loop)
                    for (name, value) in jar { one.setCookie(name, value) }
                    let page = try await one.get("/hello")
                    return page.status == 200 && page.text.contains("hello world")
                }
            }
            for task in tasks { #expect(try await task.value) }
            #expect(site.apiLog("/api/v1/auth/refresh").count == 1)
            #expect(site.apiLog("/api/v1/hello").count == 64)
            #expect(try await browser.get("/hello").status == 200)
        }
    }

    @Test func `a form that comes when the access token is over is carried out once`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            let form = try await browser.open("/admin/users/new").form(to: "/admin/users/new")
            site.clock.advance(by: .seconds(1_000))
            let typed = ["username": "ada", "email": "ada@example.com", "password": Site.password]
            #expect(try await browser.post(form, typed).status == 303)
            #expect(site.apiLog("/api/v1/auth/refresh").count == 1)
            let created = site.apiLog("/api/v1/users").filter { $0.contains("method=POST") }
            #expect(created.count == 1 && created[0].contains("status=201"))
        }
    }

    @Test func `an access token that is refused early is exchanged, and the page comes`() async throws {
        try await withSite { site, browser in
            let id = try await browser.signedIn().create("ada")
            let ada = Browser(browser.origin, on: browser.loop)
            #expect(try await !ada.signIn("ada").text.contains("/admin/users"))
            // A role that changes makes the API refuse every token that tells of the old one.
            try await browser.act("make-admin", on: id)
            let before = site.apiLog("/api/v1/auth/refresh").count
            let page = try await ada.get("/admin/users")
            #expect(page.status == 200 && page.text.contains(Site.administrator))
            #expect(site.apiLog("/api/v1/auth/refresh").count == before + 1)
            #expect(try await ada.open("/").text.contains("/admin/users"))
            try await browser.act("remove-admin", on: id)
            #expect(try await ada.get("/admin/users").status == 403)
            #expect(try await !ada.open("/").text.contains("/admin/users"))
        }
    }

    @Test func `a cookie that is none of ours is nobody's session`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            let cookie = try #require(browser.jar["gatehouse"])
            for text in [
                "", "x", cookie + "A", String(cookie.dropLast()), cookie.uppercased(), BrowserSecret.random().text,
            ] {
                let other = Browser(browser.origin, on: browser.loop)
                other.setCookie("gatehouse", text)
                #expect(try await other.get("/hello").status == 303, "\(text)")
                #expect(try await other.get("/login").status == 200)
            }
            #expect(site.apiLog("/api/v1/hello").isEmpty)
        }
    }

    @Test func `what is stored opens only with the cookie`() async throws {
        try await withLoop { _ in
            let memory = MemoryStore()
            let store = SessionStore(memory)
            let id = BrowserSecret.random()
            let record = SessionRecord(.example, isKept: true, at: WallTime(seconds: 1_700_000_000))
            let session = try await store.add(record, id, for: .seconds(60))
            #expect(try await store.find(id)?.record == record)
            #expect(try await store.find(.random()) == nil)
            let text = String(decoding: session.sealed, as: UTF8.self)
            #expect(!text.contains(TokensBody.example.refreshToken) && !text.contains("ada"))
            // Under another name it does not open, nor when it was changed.
            let key = "web:session:" + id.fingerprint
            let other = BrowserSecret.random()
            try await memory.set("web:session:" + other.fingerprint, to: session.sealed, expiresIn: nil, when: .always)
            #expect(try await store.find(other) == nil)
            for index in [0, 12, session.sealed.count - 1] {
                var changed = session.sealed
                changed[index] ^= 1
                try await memory.set(key, to: changed, expiresIn: nil, when: .always)
                #expect(try await store.find(id) == nil)
            }
            try await memory.set(key, to: [1, 2, 3], expiresIn: nil, when: .always)
            #expect(try await store.find(id) == nil)
            #expect(!"\(id) \(record) \(session)".contains(id.text))
            #expect(!"\(session)".contains(record.refreshToken))
        }
    }
}
