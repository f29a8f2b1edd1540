import HTTPEngine
import TestKit
import Testing

@testable import Web

/// Whatever is typed into whatever field comes back as text, wherever it is shown.
@Suite struct HostileTextTests {
    private static let texts = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</title><b>x</b>",
        "{{csrf_token}}", "{{{viewer}}}", "{{>parts/form}}", "javascript:alert(1)", "&lt;b&gt;", "&#60;b&#62;",
        "a\u{202e}bc", "\u{7}\u{1b}[2J", "<!-- ", "]]>", "%3Cscript%3E", "\r\nX-Injected: yes",
        "ü😀e\u{301}", "`${1}`", "\\u003cscript\\u003e", String(repeating: "<b>", count: 90), "\u{feff}\u{200b}",
        "a&b=c;d",
    ]
    /// No page of ours has one of these.
    private static let foreign: Set<String> = ["script", "img", "b", "style", "iframe", "object", "base"]
    private static let marks = ["<script", "<img", "<b>", "onerror=\"", " onmouseover='", "X-Injected: yes\r", "<!-- "]

    @Test func `no form shows markup that was typed`() async throws {
        try await withSite(api: ["LOGIN_ATTEMPTS": "0"]) { site, browser in
            let stranger = Browser(browser.origin, on: browser.loop)
            let id = try await browser.signedIn().create("ada")
            for text in HostileTextTests.texts {
                let own = ["username": text, "email": text]
                let all = own.merging(["password": text]) { $1 }
                let pages = [
                    try await stranger.fill("/login", all), try await stranger.fill("/signup", all),
                    try await browser.fill("/account", own), try await browser.fill("/admin/users/new", all),
                    try await browser.fill("/admin/users/\(id)", all),
                ]
                for (page, action) in zip(
                    pages,
                    ["/login", "/signup", "/account", "/admin/users/new", "/admin/users/\(id)"]
                ) {
                    #expect([409, 422].contains(page.status), "\(page.status) \(text) \(page.path)")
                    HostileTextTests.check(page, for: text)
                    // It comes back as it was typed; browsers send line ends as they are in the field.
                    #expect(try page.form(to: action)["username"] == text, "\(text) on \(page.path)")
                }
            }
            #expect(try await browser.open("/admin/users").id(of: "ada") == id)
        }
    }

    @Test func `no form for passwords shows what was typed`() async throws {
        try await withSite(api: ["LOGIN_ATTEMPTS": "0"]) { _, browser in
            try await browser.signIn()
            for text in HostileTextTests.texts {
                let page = try await browser.fill(
                    "/account/password",
                    ["current_password": "zqxfirst" + text, "new_password": "zqxsecond" + text]
                )
                #expect(page.status == 422, "\(page.status) \(text)")
                HostileTextTests.check(page, for: text)
                let form = try page.form(to: "/account/password")
                #expect(form["current_password"] == "" && form["new_password"] == "", "\(text)")
                #expect(!page.text.contains("zqxfirst") && !page.text.contains("zqxsecond"), "\(text)")
            }
        }
    }

    @Test func `no browser's name becomes markup in the list of sessions`() async throws {
        try await withSite { _, browser in
            try await browser.signIn()
            // Others can not stand in a head.
            let names = HostileTextTests.texts.filter { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
            for name in names {
                let other = Browser(browser.origin, on: browser.loop)
                other.userAgent = name + " Firefox/1 " + name + " Linux"
                try await other.signIn()
            }
            for number in 1...3 {
                let page = try await browser.get("/account/sessions?page=\(number)")
                #expect(page.status == 200 && page.text.contains("Firefox on Linux"))
                HostileTextTests.check(page, for: "a browser's name")
            }
        }
    }

    @Test func `no address shows markup that was written into it`() async throws {
        try await withSite { _, browser in
            try await browser.signIn()
            let stranger = Browser(browser.origin, on: browser.loop)
            for text in HostileTextTests.texts {
                let value = (["x": text] as URLEncodedForm).serialized.dropFirst(2)
                for path in [
                    "/admin/users?search=\(value)", "/admin/users?sort_by=\(value)", "/admin/audit?action=\(value)",
                    "/admin/audit?actor=\(value)", "/admin/audit?since=\(value)", "/\(value)", "/admin/users/\(value)",
                    "/?\(value)=\(value)", "/admin/users/new?search=\(value)",
                ] {
                    let page = try await browser.get(path)
                    #expect(page.status < 500, "\(path)")
                    HostileTextTests.check(page, for: text)
                }
                let page = try await stranger.get("/login?next=\(value)")
                #expect(page.status == 200)
                HostileTextTests.check(page, for: text)
            }
        }
    }

    @Test func `names that failed to sign in are text in the audit, and so are browsers in the list of sessions`()
        async throws
    {
        try await withSite(api: ["LOGIN_ATTEMPTS": "0"]) { _, browser in
            let stranger = Browser(browser.origin, on: browser.loop)
            let other = Browser(browser.origin, on: browser.loop)
            other.userAgent = "<script>alert(1)</script>\"><b>"
            for text in HostileTextTests.texts {
                _ = try await stranger.fill("/login", ["username": text, "password": "wrong words"])
            }
            try await other.signIn()
            try await browser.signIn()
            for path in ["/admin", "/admin/audit", "/admin/audit?page=2", "/account/sessions", "/"] {
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path)")
                HostileTextTests.check(page, for: path)
            }
        }
    }

    private static func check(_ page: Browser.Page, for text: String) {
        for mark in marks where page.text.contains(mark) { Issue.record("\(mark) on \(page.path), by \(text)") }
        #expect(!page.response.fields.contains(HTTPFieldName("X-Injected")))
        guard !page.response.body.isEmpty else { return }
        do {
            let read = try ReadPage(page.text)
            for element in read.elements {
                let isOurs = !foreign.contains(element.name) && !element.attributes.contains { $0.name.hasPrefix("on") }
                let address = element["href"] ?? element["action"] ?? "/"
                let isHere = address.hasPrefix("#") || address.hasPrefix("/") && !address.hasPrefix("//")
                #expect(isOurs && isHere, "\(element) on \(page.path), by \(text)")
            }
            #expect(read.all("title").count == 1, "\(page.path), by \(text)")
        } catch {
            Issue.record("\(error) on \(page.path), by \(text)")
        }
    }
}

extension Browser {
    /// Opens the page, types, and sends the form.
    fileprivate func fill(_ path: String, _ typed: [String: String]) async throws -> Page {
        try await post(try await open(path).form(to: path), typed)
    }
}
