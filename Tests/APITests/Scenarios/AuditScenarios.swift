import Contract
import Database
import HTTPEngine
import JSON
import Linux
import TestKit
import Testing

@testable import API

/// What administrators learn of what was done.
@Suite struct AuditScenarios {
    private static func refused(_ query: String, _ fields: [String]) -> Scenario {
        Scenario(query, .audit, by: .user(.root), query: { _ in "?" + query }, fails: .validationError, at: fields)
    }

    static let refused = [
        refused("page=0", ["page"]), refused("page_size=101", ["page_size"]), refused("since=yesterday", ["since"]),
        refused("since=2026-01-15T10:30:00%2B01:00", ["since"]), refused("until=2026-02-30T00:00:00Z", ["until"]),
        refused("action=" + String(repeating: "a", count: 65), ["action"]), refused("user=x", ["user"]),
        refused("actor=a&actor=b", ["actor"]),
        Scenario(
            "not UTF-8",
            .audit,
            by: .user(.root),
            query: { _ in "?action=%FF" },
            fails: .validationError,
            status: .badRequest
        ),
    ]

    private static func found(
        _ title: String,
        _ query: @escaping @Sendable (Cast) -> String,
        _ actions: [String],
        total: Int? = nil
    ) -> Scenario {
        Scenario(title, .audit, by: .user(.root), query: query, gets: .ok).then { answer, _, _ in
            let page = try AuditPage(parsing: answer.body)
            #expect(page.items.map(\.action) == actions, "\(title)")
            #expect(page.total == total ?? actions.count, "\(title)")
        }
    }

    private static func of(_ role: Cast.Role, _ rest: String = "") -> @Sendable (Cast) -> String {
        { "?actor=\($0[role].id)" + rest }
    }

    static let found = [
        found("what somebody did, the newest first", of(.ann), ["login", "login"]),
        found("nothing of somebody who did nothing", of(.idle), []),
        found("one action of somebody", of(.ann, "&action=login"), ["login", "login"]),
        found("an action that there is not", of(.ann, "&action=login.failed"), []),
        found("one by one", of(.ann, "&page_size=1&page=2"), ["login"], total: 2),
        found("behind the end", of(.ann, "&page=9"), [], total: 2),
        found("since a time to come", of(.ann, "&since=2999-01-01T00:00:00Z"), []),
        found("until a time long ago", of(.ann, "&until=2020-01-01T00:00:00Z"), []),
        found("between both", of(.ann, "&since=2020-01-01T00:00:00Z&until=2999-01-01T00:00:00Z"), ["login", "login"]),
        found("of nobody who could be", { _ in "?actor=nobody" }, []),
    ]

    static let statistics = [
        Scenario("the figures", .statistics, by: .user(.root), gets: .ok).then { answer, stage, _ in
            let body = try StatisticsBody(parsing: answer.body)
            let users = try await stage.snapshot()[.users].filter { $0.text("deleted_at").isEmpty }
            func isTrue(_ column: String) -> Int { users.filter { $0.text(column) == "1" }.count }
            #expect(body.users.total == users.count && body.users.active == isTrue("is_active"))
            #expect(body.users.inactive == users.count - isTrue("is_active"))
            #expect(body.users.administrators == isTrue("is_admin"))
            let live = try await stage.snapshot()[.sessions].filter { $0.text("revoked_at").isEmpty }
            #expect(body.liveSessions == live.count)
            #expect(body.days.count == 30 && body.stores.map(\.name) == ["database", "ephemeral"])
            #expect(body.stores.allSatisfy { $0.condition == .good })
            let products = body.stores.map { $0.product ?? "" }
            #expect(["SQLite", "PostgreSQL"].contains(products[0]) && ["Memory", "Redis"].contains(products[1]))
        }
    ]

    @Test(arguments: Setting.allCases)
    func `administrators find what was done`(_ setting: Setting) async throws {
        try await Stage.play(AuditScenarios.found + AuditScenarios.statistics, setting)
    }

    @Test(arguments: Setting.allCases)
    func `a query that is not as it should be is told by parameter`(_ setting: Setting) async throws {
        try await Stage.play(AuditScenarios.refused, setting)
    }

    @Test func `pages end where the count does`() async throws {
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            for first in stride(from: 0, to: 10_100, by: 100) {
                let rows = (first..<first + 100).map { number -> SQL in
                    let time = stage.api.clock.now + .microseconds(number)
                    return "(\(UUID(high: 1, low: UInt64(number))), \(time), \("flood"), \(true))"
                }
                _ = try await stage.database.query(
                    "INSERT INTO audit (id, at, action, is_success) VALUES \(SQL.joined(rows, by: ", "))"
                )
            }
            for (query, count) in [("page=100", 100), ("page=101", 0), ("page=1000000", 0)] {
                let query = "?action=flood&page_size=100&" + query
                let answer = try await stage.ask(.audit, bearer: cast[.root].tokens?.access, query: query)
                let page = try AuditPage(parsing: answer.body)
                #expect(page.items.count == count && page.total == 10_000, "\(query)")
            }
            let answer = try await stage.ask(
                .audit,
                bearer: cast[.root].tokens?.access,
                query: "?action=flood&page=112&page_size=90"
            )
            #expect(try AuditPage(parsing: answer.body).items.count == 10)
        }
    }

    @Test(arguments: Setting.allCases)
    func `an entry says who did what to whom, from where, and no secret`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let address: HTTPFields = [.xForwardedFor: "192.0.2.77"]
            let change = try await stage.ask(
                .changeUser,
                bearer: cast[.root].tokens?.access,
                target: cast[.bob].id.description,
                address,
                ["username": "\(cast.name("robert"))", "password": "eleven loud bells at dawn"]
            )
            #expect(change.status == .ok)
            let failure = try await stage.ask(
                .login,
                address,
                ["username": "\(cast[.bob].email)<script>", "password": "a wrong password"]
            )
            #expect(failure.status == .unauthorized)
            let answer = try await stage.ask(.audit, bearer: cast[.root].tokens?.access, query: "?page_size=2")
            let entries = try AuditPage(parsing: answer.body).items
            #expect(entries.map(\.action) == ["login.failed", "user.update"])
            let (login, update) = (try #require(entries.first), try #require(entries.last))
            #expect(!login.isSuccess && login.actor.id == nil && login.actor.name == cast[.bob].email + "<script>")
            #expect(login.requestID == failure.fields.single(.xRequestID) && login.address == "192.0.2.77")
            #expect(update.isSuccess && update.actor == .init(id: cast[.root].id.description, name: cast.name("root")))
            #expect(update.target == .init(id: cast[.bob].id.description, name: cast.name("bob")))
            #expect(update.before?["username"] == .string(cast.name("bob")))
            #expect(update.after?["username"] == .string(cast.name("robert")))
            #expect(update.after?["password"] == .string("changed"), "and no more of it")
            #expect(update.after?.members.map(\.name) == ["username", "password"])
            #expect(update.before?.members.map(\.name) == ["username"])
            #expect(update.requestID == change.fields.single(.xRequestID) && update.address == "192.0.2.77")
            let everything = try await stage.snapshot()[.audit].map { "\($0.mapValues { "\($0)" })" + $0.text("after") }
            for secret in cast.secrets + ["eleven loud bells", "a wrong password", "$argon2id$"] {
                #expect(!everything.contains { $0.contains(secret) } && !answer.text.contains(secret))
            }
        }
    }

    @Test func `sign-ins, sign-ups and refreshes are counted by day`() async throws {
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            let root = cast[.root].tokens?.access
            let today = {
                let answer = try await stage.ask(.statistics, bearer: root)
                return try #require(try StatisticsBody(parsing: answer.body).days.last)
            }
            await stage.parts.stores.statistics.flush()
            let before = try await today()
            _ = try await stage.signIn(cast[.ann].username)
            let refresh = "\(cast[.ann].tokens?.refresh ?? "")"
            _ = try await stage.ask(.refresh, [:], ["refresh_token": "\(refresh)"])
            _ = try await stage.ask(.login, [:], ["username": "nobody", "password": "x"])
            _ = try await stage.ask(
                .signUp,
                [:],
                [
                    "username": "\(cast.name("grace"))", "email": "\(cast.email("grace"))",
                    "password": "\(Cast.password)",
                ]
            )
            await stage.parts.stores.statistics.flush()
            let after = try await today()
            #expect(after.date == before.date || after.signIns == 1, "midnight may have passed")
            if after.date == before.date {
                #expect(after.signIns == before.signIns + 1 && after.failedSignIns == before.failedSignIns + 1)
                #expect(after.signUps == before.signUps + 1 && after.tokenRefreshes == before.tokenRefreshes + 1)
            }
        }
    }
}
