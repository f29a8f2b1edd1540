import Contract
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import Web

/// What is said of a form that may have been carried out, though the answer does not say so.
@Suite struct DoubtTests {
    private static let doubt = "Whether this was done is not known"
    private static let unchanged = "Nothing was changed"

    private static let answers: [@Sendable () -> HTTPResponse] = [
        // An API whose database went away while it committed, and one that made a mistake.
        { .failure(.serviceUnavailable) }, { .failure(.internalError) },
        // A proxy before an API that died.
        { .text("", status: .badGateway) }, { .text("", status: .serviceUnavailable) },
        { .text("", status: .gatewayTimeout) }, { .text("", status: .internalServerError) }, { .text("<html>") },
    ]

    @Test(arguments: answers.indices)
    func `a form that failed in the middle keeps what was typed, and nobody says that nothing was changed`(
        _ index: Int
    ) async throws {
        try await withStandIn { request in
            request.method == .patch || request.path.hasSuffix("/signup") ? DoubtTests.answers[index]() : nil
        } _: { _, browser in
            let form = try await browser.open("/account").form(to: "/account")
            let page = try await browser.post(form, ["username": "grace", "email": "grace@example.com"])
            #expect([502, 503].contains(page.status))
            #expect(page.text.contains(DoubtTests.doubt) && !page.text.contains(DoubtTests.unchanged))
            let again = try page.form(to: "/account")
            #expect(again["username"] == "grace" && again["email"] == "grace@example.com")
            let stranger = Browser(browser.origin, on: browser.loop)
            let signUp = try await stranger.open("/signup").form(to: "/signup")
            let refused = try await stranger.post(
                signUp,
                ["username": "grace", "email": "g", "password": "secret words"]
            )
            #expect(refused.text.contains(DoubtTests.doubt) && !refused.text.contains(DoubtTests.unchanged))
            #expect(try refused.form(to: "/signup")["username"] == "grace" && !refused.text.contains("secret words"))
        }
    }

    @Test(arguments: answers.indices)
    func `what was done to a user by one press is in doubt as well`(_ index: Int) async throws {
        try await withStandIn(for: .root) { request in
            request.path.hasSuffix("/deactivate") ? DoubtTests.answers[index]() : nil
        } _: { _, browser in
            let path = "/admin/users/\(UserBody.root.id)/deactivate"
            let page = try await browser.post(try await browser.open(path).form(to: path))
            #expect([502, 503].contains(page.status) && page.text.contains(DoubtTests.doubt))
            #expect(!page.text.contains(DoubtTests.unchanged) && !page.text.contains("Nothing is lost"))
        }
    }

    @Test(arguments: answers.indices)
    func `a sign-in that failed leaves nothing to look after`(_ index: Int) async throws {
        try await withStandIn { request in
            request.path.hasSuffix("/login") && request.fields.contains(HTTPFieldName("X-Device-Token"))
                ? DoubtTests.answers[index]() : nil
        } _: { _, browser in
            let stranger = Browser(browser.origin, on: browser.loop)
            stranger.setCookie("gatehouse-device", "fails")
            let form = try await stranger.open("/login").form(to: "/login")
            let page = try await stranger.post(form, ["username": "ada", "password": "secret words"])
            #expect(page.text.contains("You can not be signed in now") && !page.text.contains(DoubtTests.doubt))
            #expect(try page.form(to: "/login")["username"] == "ada" && stranger.jar["gatehouse"] == nil)
        }
    }

    @Test func `only what the API refused for good, or never got, is known not to be done`() {
        let refused = { (status: HTTPStatus) -> APIError in
            let envelope = ErrorEnvelope(code: ErrorCode(status), message: "no", requestID: "")
            return .refused(APIRefusal(status: status, envelope: envelope, retryAfter: nil))
        }
        for status in [400, 401, 403, 404, 409, 413, 415, 422, 429] {
            #expect(!refused(HTTPStatus(code: status)).leavesDoubt, "\(status)")
        }
        for status in [500, 502, 503, 504] { #expect(refused(HTTPStatus(code: status)).leavesDoubt, "\(status)") }
        #expect(APIError.away(.timedOut).leavesDoubt && APIError.away(.connectionLost).leavesDoubt)
        #expect(!APIError.away(.overloaded).leavesDoubt)
    }

    @Test func `a name that is too long for the API is too much, and no failure of anybody's`() async throws {
        try await withSite { site, browser in
            let form = try await browser.open("/login").form(to: "/login")
            for (length, status) in [(200, 422), (40_000, 413)] {
                let name = String(repeating: "a", count: length)
                let page = try await browser.submit(form, ["username": name, "password": "never mind"])
                #expect(page.status == status, "\(length)")
            }
        }
    }

    @Test func `a form that comes when the session is over is said to have changed nothing`() async throws {
        try await withSite(web: ["WEB_SESSION_IDLE_SECONDS": "600"]) { site, browser in
            try await browser.signIn()
            let form = try await browser.open("/account").form(to: "/account")
            let other = browser.copy()
            site.clock.advance(by: .seconds(601))
            let over = try await browser.submit(form, ["username": "grace"])
            #expect(over.path == "/login?next=%2Faccount" || over.path == "/login")
            #expect(over.text.contains("Your session has ended.") && over.text.contains("nothing was changed"))
            // The cookie is gone, too: another tab has signed out.
            other.setCookie("gatehouse", nil)
            let absent = try await other.submit(form, ["username": "grace"])
            #expect(absent.path.hasPrefix("/login") && absent.text.contains("nothing was changed"))
            // Who only looked is told no such thing.
            try await browser.signIn()
            site.clock.advance(by: .seconds(601))
            #expect(try await !browser.open("/hello").text.contains("nothing was changed"))
        }
    }
}
