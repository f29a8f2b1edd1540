import HTTPEngine
import TestKit
import Testing

@testable import Web

/// A form counts only when it was sent from a page of ours by the browser that the page was made for.
@Suite struct FormTests {
    private static let secFetchSite = HTTPFieldName("Sec-Fetch-Site")
    private static let referer = HTTPFieldName("Referer")

    @Test func `a form without the right token has no effect`() async throws {
        try await withSite { site, browser in
            try await browser.signIn()
            let other = Browser(browser.origin, on: browser.loop)
            try await other.signIn()
            let foreign = try #require(try await other.open("/account").form(to: "/account")[FormToken.field])
            // Made for this browser before anybody signed in: that cookie may have been planted.
            let visitor = try #require(browser.jar["gatehouse-visitor"].flatMap(BrowserSecret.init))
            let tokens: [String?] = [
                nil, "", foreign, FormToken.text(for: visitor), FormToken.text(for: .random()), "x",
                String(repeating: "A", count: 86),
            ]
            for token in tokens {
                var form: URLEncodedForm = ["username": "renamed", "email": "renamed@example.com"]
                if let token { form.append(FormToken.field, token) }
                let page = try await browser.post("/account", form)
                #expect(page.status == 403 && page.text.contains("This form is out of date"), "\(token ?? "none")")
                var out: URLEncodedForm = [:]
                if let token { out.append(FormToken.field, token) }
                #expect(try await browser.post("/logout", out).status == 403)
            }
            #expect(try await browser.open("/account").form(to: "/account")["username"] == Site.administrator)
            #expect(site.apiLog("/api/v1/auth/logout").isEmpty)
            #expect(site.apiLog("/api/v1/auth/me").allSatisfy { $0.contains("method=GET") })
        }
    }

    @Test func `nobody can be signed in by another site's form`() async throws {
        try await withSite { site, browser in
            let typed: URLEncodedForm = ["username": Site.administrator, "password": Site.password]
            #expect(try await browser.post("/login", typed).status == 403)
            let form = try await browser.open("/login").form(to: "/login")
            let other = Browser(browser.origin, on: browser.loop)
            _ = try await other.open("/login")
            let filled = form.filled(["username": Site.administrator, "password": Site.password])
            #expect(try await other.post("/login", filled).status == 403)
            #expect(site.apiLog("/api/v1/auth/login").isEmpty)
            #expect(try await browser.post("/login", filled).status == 303)
        }
    }

    @Test func `a form from another origin has no effect, though its token is right`() async throws {
        try await withSite(web: ["PUBLIC_URL": "https://id.example/"], api: ["LOGIN_ATTEMPTS": "0"]) { site, browser in
            browser.setCookie("__Host-gatehouse-visitor", BrowserSecret.random().text)
            let form = try await browser.open("/login").form(to: "/login")
            let filled = form.filled(["username": Site.administrator, "password": "wrong on purpose"])
            let own = browser.site
            let refused: [HTTPFields] = [
                [.origin: "https://evil.example"], [.origin: "null"], [.origin: ""], [.origin: own + "."],
                [.origin: own, FormTests.secFetchSite: "cross-site"],
                [.origin: own, FormTests.secFetchSite: "same-site"],
                [FormTests.secFetchSite: "cross-site"], [FormTests.referer: "https://evil.example/login"],
                [FormTests.referer: "https://id.example.evil/"], [.origin: own, .origin: "https://evil.example"],
            ]
            for fields in refused {
                #expect(try await browser.post("/login", filled, fields).status == 403, "\(fields)")
            }
            #expect(site.apiLog("/api/v1/auth/login").isEmpty)
            let accepted: [HTTPFields] = [
                [:], [.origin: own], [.origin: "https://id.example"], [FormTests.referer: own + "/login"],
                [.origin: "https://ID.example", FormTests.secFetchSite: "same-origin"],
                [FormTests.secFetchSite: "none"],
            ]
            for fields in accepted {
                #expect(try await browser.post("/login", filled, fields).status == 422, "\(fields)")
            }
        }
    }

    @Test func `what is no form is refused`() async throws {
        try await withSite { site, browser in
            let token = try #require(try await browser.open("/login").form(to: "/login")[FormToken.field])
            let own: HTTPFields = [.origin: browser.site]
            let fields: (String) -> HTTPFields = { own + [.contentType: $0] }
            let form = "username=a&password=b&csrf_token=\(token)"
            let scenarios: [(HTTPFields, String, Int)] = [
                (fields("text/plain"), form, 415), (own, form, 415), (fields("application/json"), "{}", 415),
                (fields("multipart/form-data; boundary=x"), form, 415),
                (fields("application/x-www-form-urlencoded"), form + "&x=%zz", 400),
                (fields("application/x-www-form-urlencoded"), form + "&x=%ff", 400),
                (fields("application/x-www-form-urlencoded"), form + "&x=%00", 400),
                (fields("application/x-www-form-urlencoded"), form + String(repeating: "&a=b", count: 1_200), 400),
                (
                    fields("application/x-www-form-urlencoded"), form + "&a=" + String(repeating: "b", count: 70_000),
                    413
                ),
            ]
            for (fields, body, status) in scenarios {
                let page = try await browser.send(.post, "/login", fields, body: body)
                #expect(page.status == status, "\(fields) \(body.prefix(80))")
            }
            #expect(site.apiLog("/api/v1/auth/login").isEmpty)
            let good = fields("Application/X-WWW-Form-Urlencoded; charset=utf-8")
            #expect(try await browser.send(.post, "/login", good, body: form).status == 422)
        }
    }

    @Test func `a token is another text each time and good for its browser only`() {
        let (one, other) = (BrowserSecret.random(), BrowserSecret.random())
        let texts = (0..<8).map { _ in FormToken.text(for: one) }
        #expect(Set(texts).count == 8)
        for text in texts {
            #expect(FormToken.isValid(text, for: one) && !FormToken.isValid(text, for: other))
            for index in text.indices where index != text.indices.last {
                var changed = text
                changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
                #expect(!FormToken.isValid(changed, for: one))
            }
            #expect(!FormToken.isValid(String(text.dropLast()), for: one) && !FormToken.isValid(text + "A", for: one))
        }
    }

    @Test func `a sentence is carried over to the browser it was made for, and nobody else's words`() {
        let (one, other) = (BrowserSecret.random(), BrowserSecret.random())
        let flash = Flash(kind: .failure, message: "Nothing: was <done>, “really”.")
        let text = FlashCookie.text(flash, for: one)
        #expect(FlashCookie.flash(text, for: one) == flash && FlashCookie.flash(text, for: other) == nil)
        for broken in ["", "A", String(text.dropLast(4)), text + "AAAA", "!" + text] {
            #expect(FlashCookie.flash(broken, for: one) == nil)
        }
    }
}

private func + (left: HTTPFields, right: HTTPFields) -> HTTPFields {
    var fields = left
    fields.append(contentsOf: right)
    return fields
}
