import HTTPEngine
import Operations
import TestKit
import Testing

@testable import Web

@Suite struct PageTests {
    @Test func `every page forbids scripts, storing and framing`() async throws {
        try await withSite { _, browser in
            try await browser.signIn()
            for path in ["/", "/hello", "/account", "/admin", "/admin/users", "/admin/audit", "/nowhere"] {
                let page = try await browser.get(path)
                let fields = page.response.fields
                #expect(fields[.contentType] == "text/html; charset=utf-8", "\(path)")
                let policy = try #require(fields.single(.contentSecurityPolicy))
                #expect(policy.contains("default-src 'none'") && !policy.contains("script-src"))
                #expect(!policy.contains("unsafe-inline") && !page.text.contains("<script"))
                #expect(fields[.cacheControl] == "no-store" && fields[.xFrameOptions] == "DENY")
                #expect(!page.text.contains(" style=") && !page.text.contains(" onclick"))
                #expect(page.response.body.count < 20_000, "\(path)")
            }
        }
    }

    @Test func `an error is a page that names the request and repeats nothing of it`() async throws {
        try await withSite { site, browser in
            let scenarios: [(HTTPMethod, String, Int)] = [
                (.get, "/<script>alert(1)</script>", 404), (.put, "/", 405), (.get, "/%zz", 400),
                (.get, "/admin/users/alert", 303), (.get, "/static/alert", 404), (.get, "/static/../alert", 404),
            ]
            for (method, target, status) in scenarios {
                let page = try await browser.send(method, target)
                #expect(page.status == status, "\(target)")
                guard status >= 400 else { continue }
                let id = try #require(page.response.fields.single(.xRequestID))
                #expect(page.text.contains(id) && !page.text.contains("alert"))
                #expect(page.response.fields.contains(.allow) == (status == 405))
                #expect(page.response.fields.count(of: .contentSecurityPolicy) == 1)
            }
            // The navigation stays where somebody is signed in.
            try await browser.signIn()
            let missing = try await browser.get("/nowhere")
            #expect(missing.status == 404 && missing.text.contains("/logout"))
            #expect(try await browser.get("/admin/users/nobody").status == 404)
            #expect(site.apiLog("/api/v1/users/nobody").isEmpty)
            let absent = "/admin/users/01890a5d-ac96-774b-bcce-b302099a8057"
            #expect(try await browser.get(absent).status == 404)
        }
    }

    @Test func `the stylesheet may be kept for a year under its version, and for no time without`() async throws {
        try await withSite { _, browser in
            let page = try await browser.get("/login")
            let links = page.text.pieces(from: "href=\"/static/", to: "\"").map { "/static/" + $0 }
            #expect(!links.isEmpty)
            for link in links {
                let versioned = try await browser.get(link)
                #expect(versioned.status == 200, "\(link)")
                #expect(versioned.response.fields[.cacheControl] == "public, max-age=31536000, immutable")
                let plain = try await browser.get(String(link.prefix { $0 != "?" }))
                #expect(plain.status == 200 && plain.response.fields[.cacheControl] == "no-cache")
                let tag = try #require(plain.response.fields.single(.eTag))
                let again = try await browser.send(.get, plain.path, [.ifNoneMatch: tag])
                #expect(again.status == 304 && again.response.body.isEmpty)
            }
        }
    }

    @Test func `every route is listed with who may see it`() {
        let lines = webRoutes().map { "\($0.route.method) \($0.route.pattern) \($0.note)" }
        #expect(lines.contains("GET / signed in") && lines.contains("POST /login anyone"))
        #expect(lines.contains("GET /health ") && lines.contains("POST /admin/users/{id}/delete signed in"))
        #expect(Set(lines).count == lines.count && lines.count == 38)
        // All of the contract's pages are there.
        for path in [
            "/logout", "/signup", "/hello", "/account", "/account/password", "/account/sessions", "/admin",
            "/admin/users", "/admin/users/new", "/admin/users/{id}", "/admin/audit", "/static/{path...}",
            "/auth/verify",
        ] {
            #expect(lines.contains { $0.contains(" \(path) ") }, "\(path)")
        }
    }
}
