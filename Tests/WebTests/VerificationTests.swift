import Contract
import HTTPEngine
import JSON
import TestKit
import Testing

@testable import Web

/// What nginx asks before it lets a browser through to another application.
@Suite struct VerificationTests {
    private static let user = HTTPFieldName("X-Auth-User-Id")
    private static let name = HTTPFieldName("X-Auth-Username")
    private static let roles = HTTPFieldName("X-Auth-Roles")

    private static func expectNobody(_ page: Browser.Page, _ what: Comment) {
        #expect(page.status == 401 && page.response.body.isEmpty, what)
        for name in [user, name, roles] { #expect(!page.response.fields.contains(name), what) }
        #expect(page.location == nil && page.response.fields[.cacheControl] == "no-store", what)
    }

    @Test func `whoever is signed in is named, and nobody else is let through`() async throws {
        try await withSite { site, browser in
            VerificationTests.expectNobody(try await browser.get("/auth/verify"), "without a cookie")
            let id = try await browser.signedIn().create("ada")
            let root = try await browser.get("/auth/verify")
            #expect(root.status == 204 && root.response.fields.single(VerificationTests.roles) == "admin,user")
            #expect(root.response.fields.single(VerificationTests.name) == Site.administrator)
            let ada = Browser(browser.origin, on: browser.loop)
            try await ada.signIn("ada")
            let page = try await ada.get("/auth/verify")
            #expect(
                page.status == 204 && page.response.body.isEmpty && page.response.fields[.cacheControl] == "no-store"
            )
            #expect(page.response.fields.single(VerificationTests.user) == id)
            #expect(page.response.fields.single(VerificationTests.name) == "ada")
            #expect(page.response.fields.single(VerificationTests.roles) == "user")
            // What is said there on the own account changes nothing.
            ada.fields = [VerificationTests.name: Site.administrator, VerificationTests.roles: "admin,user"]
            #expect(try await ada.get("/auth/verify").response.fields.values(VerificationTests.name) == ["ada"])
            ada.fields = [:]
            // Out at the very next request, whatever ended the session.
            let before = ada.copy()
            try await browser.act("end-sessions", on: id)
            VerificationTests.expectNobody(try await ada.get("/auth/verify"), "revoked")
            VerificationTests.expectNobody(try await before.get("/auth/verify"), "once more")
            let other = browser.copy()
            _ = try await browser.signOut()
            VerificationTests.expectNobody(try await other.get("/auth/verify"), "signed out")
            other.setCookie("gatehouse", BrowserSecret.random().text)
            VerificationTests.expectNobody(try await other.get("/auth/verify"), "a cookie of nobody")
            #expect(site.apiLog("/api/v1/auth/verify").count { $0.contains("status=204") } == 3)
        }
    }

    @Test func `many questions at once with an access token that is over make one exchange`() async throws {
        try await withSite(loops: 2) { site, browser in
            try await browser.signIn()
            site.clock.advance(by: .seconds(1_000))
            let (origin, jar, loop) = (browser.origin, browser.jar, site.loop)
            let tasks = (0..<32).map { _ in
                Task(executorPreference: loop) {
                    let one = Browser(origin, on: loop)
                    for (name, value) in jar { one.setCookie(name, value) }
                    return try await one.get("/auth/verify").status
                }
            }
            for task in tasks { #expect(try await task.value == 204) }
            #expect(site.apiLog("/api/v1/auth/refresh").count == 1)
        }
    }

    @Test func `a question takes no sentence away, and keeps a session no longer than a page would`() async throws {
        try await withSite(web: ["WEB_SESSION_IDLE_SECONDS": "600"]) { site, browser in
            try await browser.signIn()
            let form = try await browser.open("/account").form(to: "/account")
            #expect(try await browser.post(form, ["email": "new@example.com"]).status == 303)
            let count = browser.received.count
            #expect(try await browser.get("/auth/verify").status == 204)
            #expect(browser.received.count == count)
            #expect(try await browser.get("/account").text.contains("Your profile was changed."))
            site.clock.advance(by: .seconds(500))
            #expect(try await browser.get("/auth/verify").status == 204)
            site.clock.advance(by: .seconds(601))
            VerificationTests.expectNobody(try await browser.get("/auth/verify"), "idle")
        }
    }

    @Test func `while the API is away nobody is let through and nobody is signed out`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            try await site.killAPI()
            let page = try await browser.get("/auth/verify")
            #expect(page.status == 503 && page.response.fields.single(.retryAfter) == "5")
            #expect(!page.response.fields.contains(VerificationTests.name))
            try await site.startAPI()
            #expect(try await browser.get("/auth/verify").status == 204)
        }
    }

    @Test(
        arguments: [
            [:],
            [user: "1", name: "ada"],
            [user: "1", name: "ada", name: "root", roles: "user"],
        ] as [HTTPFields]
    )
    func `an answer that names nobody, or two, lets nobody through`(_ head: HTTPFields) async throws {
        let answering: @Sendable (HTTPRequest) async throws -> HTTPResponse = { request in
            request.path == "/api/v1/auth/verify"
                ? HTTPResponse(status: .noContent, fields: head) : .json(TokensBody.example.json)
        }
        try await withServer(answering: answering) { server, _ in
            try await withSite(web: ["API_URL": "\(HTTPOrigin(server.addresses[0]))"]) { _, browser in
                let form = try await browser.open("/login").form(to: "/login")
                #expect(try await browser.post(form, ["username": "ada", "password": "secret words"]).status == 303)
                let page = try await browser.get("/auth/verify")
                #expect(page.status == 502 && !page.response.fields.contains(VerificationTests.name))
            }
        }
    }
}
