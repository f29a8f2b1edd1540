import HTTPEngine
import Linux
import TestKit
import Testing

@testable import Web

/// Sessions that are kept in Redis: what survives what.
@Suite struct RedisTests {
    @Test func `sessions outlive the front end, and count in every process of it`() async throws {
        try await withRedisServer { redis in
            try await withSite(web: ["REDIS_URL": redis.socketAddress]) { site, browser in
                try await browser.signIn()
                let form = try await browser.open("/account").form(to: "/account")
                await site.stopWeb()
                browser.origin = try await site.startWeb()
                #expect(try await browser.get("/hello").status == 200)
                // A form of before still counts.
                #expect(try await browser.post(form, ["username": "renamed"]).status == 303)
                let second = try await site.startWeb()
                let elsewhere = browser.copy()
                elsewhere.origin = second
                #expect(try await elsewhere.get("/hello").text.contains("renamed"))
                _ = try await browser.signOut()
                #expect(try await elsewhere.get("/hello").status == 303)
            }
        }
    }

    @Test func `processes that share a session make one exchange of its tokens`() async throws {
        try await withRedisServer { redis in
            try await withSite(web: ["REDIS_URL": redis.socketAddress], loops: 2) { site, browser in
                try await browser.signIn()
                let origins = [browser.origin, try await site.startWeb(), try await site.startWeb()]
                let (jar, loop) = (browser.jar, site.loop)
                for round in 1...3 {
                    site.clock.advance(by: .seconds(1_000))
                    let tasks = (0..<63).map { index in
                        Task(executorPreference: loop) {
                            let one = Browser(origins[index % 3], on: loop)
                            for (name, value) in jar { one.setCookie(name, value) }
                            return try await one.get("/hello").status
                        }
                    }
                    for task in tasks { #expect(try await task.value == 200) }
                    #expect(site.apiLog("/api/v1/auth/refresh").count == round)
                }
                #expect(site.apiLog("/api/v1/auth/refresh").allSatisfy { $0.contains("status=200") })
            }
        }
    }

    @Test func `while Redis is away the pages say so and nobody is signed out`() async throws {
        try await withRedisServer(isPersistent: true) { redis in
            try await withSite(web: ["REDIS_URL": redis.socketAddress]) { site, browser in
                try await browser.signIn()
                let form = try await browser.open("/account").form(to: "/account")
                let stranger = Browser(browser.origin, on: browser.loop)
                let login = try await stranger.open("/login").form(to: "/login")
                redis.kill()
                let page = try await browser.get("/hello")
                #expect(page.status == 503 && page.text.contains("You have not been signed out"))
                #expect(page.response.fields.single(.retryAfter) == "5")
                #expect(browser.jar["gatehouse"] != nil)
                let profile = try await browser.post(form, ["username": "renamed"])
                #expect(profile.status == 503 && profile.text.contains("nothing was changed"))
                #expect(!page.text.contains("nothing was changed"))
                #expect(try await browser.get("/login").status == 200)
                // Nobody is signed in by half: the session at the API is ended again.
                let typed = ["username": Site.administrator, "password": Site.password]
                let refused = try await stranger.post(login, typed)
                #expect(refused.status == 503 && stranger.jar["gatehouse"] == nil)
                #expect(try refused.form(to: "/login")["username"] == Site.administrator)
                #expect(site.apiLog("/api/v1/auth/logout").contains { $0.contains("status=204") })
                #expect(try await stranger.get("/health/ready").status == 503)
                try await redis.start()
                try await site.loop.wait(for: "Redis") { try await browser.get("/hello").status == 200 }
                #expect(try await browser.open("/account").form(to: "/account")["username"] == Site.administrator)
                try await stranger.signIn()
            }
        }
    }

    @Test func `when Redis has forgotten everything people sign in again, and are told why`() async throws {
        try await withRedisServer { redis in
            try await withSite(web: ["REDIS_URL": redis.socketAddress]) { site, browser in
                try await browser.signIn()
                try await redis.restart()
                try await site.loop.wait(for: "Redis") { try await browser.get("/hello").status != 503 }
                let login = try await browser.open("/login")
                #expect(login.text.contains("Your session has ended.") && browser.jar["gatehouse"] == nil)
                try await browser.signIn()
            }
        }
    }
}
