import Contract
import Database
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import API

@Suite struct RefreshScenarios {
    private static let token: @Sendable (Cast) -> Content = { ["refresh_token": "\($0[.ann].tokens?.refresh ?? "")"] }
    private static let goesOn = ["changes a session of ann: counter, expires_at, last_used_at"]
    private static let stolen = [
        "ends a session of ann: reuse", "refuses tokens of a session of ann", "audits refresh.reused failed by ann",
    ]

    /// Exchanges the token of a scenario once, so that it has been used.
    private static let exchange: @Sendable (Stage, Cast) async throws -> Void = { stage, cast in
        let answer = try await stage.ask(.refresh, [:], token(cast))
        #expect(answer.status == .ok)
    }

    private static let later: @Sendable (Stage, Cast) async throws -> Void = { stage, cast in
        try await exchange(stage, cast)
        stage.api.clock.advance(by: .seconds(11))
    }

    static let exchanges = [
        Scenario("in the content", .refresh, sends: token, gets: .ok, goesOn).then { answer, stage, cast in
            let new = try await stage.tokens(answer)
            #expect(new.session == cast[.ann].tokens?.session)
            #expect(new.refresh != cast[.ann].tokens?.refresh && new.access != cast[.ann].tokens?.access)
            #expect(answer.fields.values(.cacheControl) == ["no-store"] && !answer.fields.contains(.xDeviceToken))
            try await stage.mustLetIn(new.access)
            // The chain goes on with the successor.
            let next = try await stage.ask(.refresh, [:], ["refresh_token": "\(new.refresh)"])
            #expect(next.status == .ok)
        },
        Scenario(
            "as Bearer, without content",
            .refresh,
            by: .bearer { $0[.ann].tokens?.refresh ?? "" },
            gets: .ok,
            goesOn
        ),
        Scenario(
            "as Bearer, beside null",
            .refresh,
            by: .bearer { $0[.ann].tokens?.refresh ?? "" },
            sends: { _ in ["refresh_token": nil] },
            gets: .ok,
            goesOn
        ),
        Scenario("in the content, beside an access token", .refresh, by: .user(.bob), sends: token, gets: .ok, goesOn),
    ]

    static let refusals = [
        Scenario("nothing", .refresh, fails: .authenticationError),
        Scenario("an empty object", .refresh, sends: { _ in [:] }, fails: .authenticationError),
        Scenario("an empty token", .refresh, sends: { _ in ["refresh_token": ""] }, fails: .invalidToken),
        Scenario(
            "no text",
            .refresh,
            sends: { _ in ["refresh_token": 7] },
            fails: .validationError,
            at: ["refresh_token"]
        ),
        Scenario(
            "an access token",
            .refresh,
            sends: { ["refresh_token": "\($0[.ann].tokens?.access ?? "")"] },
            fails: .invalidToken
        ),
        Scenario("an access token as Bearer", .refresh, by: .user(.ann), fails: .invalidToken),
        Scenario(
            "one letter changed",
            .refresh,
            sends: { cast in
                let text = cast[.ann].tokens?.refresh ?? ""
                return ["refresh_token": "\(text.first == "A" ? "B" : "A")\(text.dropFirst())"]
            },
            fails: .invalidToken
        ),
        Scenario(
            "of another installation",
            .refresh,
            sends: { cast in
                let session = cast[.ann].tokens?.session ?? UUID(high: 0, low: 0)
                let forged = RefreshTokens(TokenSamples.otherSecret).text(for: .init(session: session, counter: 0))
                return ["refresh_token": "\(forged)"]
            },
            fails: .invalidToken
        ),
        Scenario(
            "of a session that never was",
            .refresh,
            sends: { _ in
                let text = RefreshTokens(TokenSamples.secret).text(
                    for: .init(session: UUID(high: 1, low: 2), counter: 0)
                )
                return ["refresh_token": "\(text)"]
            },
            fails: .invalidToken
        ),
        Scenario(
            "one that is yet to come",
            .refresh,
            sends: { cast in
                let session = cast[.ann].tokens?.session ?? UUID(high: 0, low: 0)
                let text = RefreshTokens(TokenSamples.secret).text(for: .init(session: session, counter: 1))
                return ["refresh_token": "\(text)"]
            },
            fails: .invalidToken
        ),
        Scenario(
            "of who was deleted",
            .refresh,
            sends: { ["refresh_token": "\($0[.gone].tokens?.refresh ?? "")"] },
            fails: .invalidToken
        ),
        Scenario("of a session that has ended", .refresh, sends: token, fails: .invalidToken).after { stage, cast in
            let answer = try await stage.ask(.logout, bearer: cast[.ann].tokens?.access)
            #expect(answer.status == .noContent)
        },
        Scenario("of a session that has expired", .refresh, sends: token, fails: .invalidToken).after { stage, cast in
            let past = stage.api.clock.now - .milliseconds(1)
            _ = try await stage.database.query(
                "UPDATE sessions SET expires_at = \(past) WHERE id = \(cast[.ann].tokens?.session)"
            )
        },
        Scenario("of somebody who was put out", .refresh, sends: token, fails: .invalidToken).after { stage, cast in
            let answer = try await stage.ask(
                .deactivateUser,
                bearer: cast[.root].tokens?.access,
                target: cast[.ann].id.description
            )
            #expect(answer.status == .ok)
        },
    ]

    static let inactive = [
        // Who is put out has no session any more, unless somebody did it in the database.
        Scenario("of somebody who is not active", .refresh, sends: token, fails: .inactiveUser)
            .after { stage, cast in
                _ = try await stage.database.query(
                    "UPDATE users SET is_active = \(false) WHERE id = \(cast[.ann].id)"
                )
            }
    ]

    /// The window is ten seconds.
    static let reuses = [
        Scenario("used a moment ago", .refresh, sends: token, fails: .invalidToken).after(exchange)
            .then { _, stage, cast in try await stage.mustLetIn(cast[.ann].tokens?.access) },
        Scenario("used eleven seconds ago", .refresh, sends: token, fails: .invalidToken, stolen).after(later)
            .then { _, stage, cast in
                // Whoever of the two is the thief is out, and the other session is not.
                try await stage.mustRefuse(cast[.ann].tokens?.access)
                try await stage.mustLetIn(cast[.ann].otherTokens?.access)
            },
        Scenario("two exchanges old, within the window", .refresh, sends: token, fails: .invalidToken, stolen)
            .after { stage, cast in
                let answer = try await stage.ask(.refresh, [:], token(cast))
                let next = try await stage.tokens(answer)
                let last = try await stage.ask(.refresh, [:], ["refresh_token": "\(next.refresh)"])
                #expect(last.status == .ok)
            },
    ]

    static let replays = [
        Scenario("used a moment ago", .refresh, sends: token, gets: .ok).after(exchange).then { answer, stage, cast in
            let again = try await stage.ask(.refresh, [:], token(cast))
            let (one, other) = (try await stage.tokens(answer), try await stage.tokens(again))
            #expect(one.refresh == other.refresh, "the same successor")
            try await stage.mustLetIn(one.access)
        },
        Scenario("used eleven seconds ago", .refresh, sends: token, fails: .invalidToken, stolen).after(later),
        Scenario("two exchanges old", .refresh, sends: token, fails: .invalidToken, stolen).after { stage, cast in
            let answer = try await stage.ask(.refresh, [:], token(cast))
            let next = try await stage.tokens(answer)
            let last = try await stage.ask(.refresh, [:], ["refresh_token": "\(next.refresh)"])
            #expect(last.status == .ok)
        },
    ]

    /// As long as the session at most: one that is given again, a while after its session was prolonged, shorter.
    @Test func `a token that is given again ends with its session`() async throws {
        let lives = [
            "ACCESS_TOKEN_EXPIRE_SECONDS": "60", "REFRESH_TOKEN_EXPIRE_SECONDS": "60", "REFRESH_REUSE_POLICY": "replay",
        ]
        try await Stage.with(.embedded, lives) { stage in
            let cast = try await stage.makeCast()
            let first = try await stage.ask(.refresh, [:], RefreshScenarios.token(cast))
            #expect(try TokensBody(parsing: first.body).expiresIn == 60)
            stage.api.clock.advance(by: .seconds(8))
            let again = try TokensBody(parsing: try await stage.ask(.refresh, [:], RefreshScenarios.token(cast)).body)
            #expect((50...52).contains(again.expiresIn))
            stage.api.clock.advance(by: .seconds(53))
            try await stage.mustRefuse(again.accessToken)
        }
    }

    @Test(arguments: Setting.allCases)
    func `a refresh token is exchanged for the next pair`(_ setting: Setting) async throws {
        try await Stage.play(RefreshScenarios.exchanges, setting)
    }

    @Test(arguments: Setting.allCases)
    func `what is no good refresh token moves nothing`(_ setting: Setting) async throws {
        try await Stage.play(RefreshScenarios.refusals + RefreshScenarios.inactive, setting)
    }

    @Test(arguments: Setting.allCases)
    func `a reused refresh token is refused, and ends the session when that is theft`(_ setting: Setting) async throws {
        try await Stage.play(RefreshScenarios.reuses, setting)
    }

    @Test(arguments: Setting.allCases)
    func `where answers may be lost a reused token gets the same successor, within the window`(_ setting: Setting)
        async throws
    {
        try await Stage.play(RefreshScenarios.replays, setting, with: ["REFRESH_REUSE_POLICY": "replay"])
    }
}
