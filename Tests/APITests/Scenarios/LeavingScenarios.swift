import Contract
import Database
import HTTPEngine
import TestKit
import Testing

@testable import API

/// Signing out, and ending sessions.
@Suite struct LeavingScenarios {
    private static let ended = [
        "ends a session of ann: logout", "refuses tokens of a session of ann", "audits logout by ann",
    ]
    private static let refresh: @Sendable (Cast) -> Content = { ["refresh_token": "\($0[.ann].tokens?.refresh ?? "")"] }

    /// Neither token of the first session counts any more, and those of the second do.
    private static let isOut: @Sendable (TestResponse, Stage, Cast) async throws -> Void = { _, stage, cast in
        try await stage.mustRefuse(cast[.ann].tokens?.access)
        try await stage.mustLetIn(cast[.ann].otherTokens?.access)
        let answer = try await stage.ask(.refresh, [:], refresh(cast))
        #expect(answer.status == .unauthorized)
    }

    static let logouts = [
        Scenario("by the access token", .logout, by: .user(.ann), gets: .noContent, ended).then(isOut),
        Scenario("by an empty object beside it", .logout, by: .user(.ann), sends: { _ in [:] }, gets: .noContent, ended)
            .then(isOut),
        Scenario("by the refresh token", .logout, sends: refresh, gets: .noContent, ended).then(isOut),
        Scenario("by both", .logout, by: .user(.ann), sends: refresh, gets: .noContent, ended).then(isOut),
        Scenario(
            "by both, of two sessions",
            .logout,
            by: .user(.ann),
            sends: { ["refresh_token": "\($0[.ann].otherTokens?.refresh ?? "")"] },
            gets: .noContent,
            ended + ended
        ).then { _, stage, cast in
            try await stage.mustRefuse(cast[.ann].tokens?.access)
            try await stage.mustRefuse(cast[.ann].otherTokens?.access)
        },
        Scenario("by a refresh token that was exchanged since", .logout, sends: refresh, gets: .noContent, ended)
            .after { stage, cast in
                let answer = try await stage.ask(.refresh, [:], refresh(cast))
                #expect(answer.status == .ok)
            }.then(isOut),
        Scenario("twice by the refresh token: there is nothing left to end", .logout, sends: refresh, gets: .noContent)
            .after { stage, cast in
                let answer = try await stage.ask(.logout, [:], refresh(cast))
                #expect(answer.status == .noContent)
            },
    ]

    static let refusals = [
        Scenario("without any token", .logout, fails: .authenticationError),
        Scenario("with an empty object", .logout, sends: { _ in [:] }, fails: .authenticationError),
        Scenario("with null", .logout, sends: { _ in ["refresh_token": nil] }, fails: .authenticationError),
        Scenario("with nonsense as Bearer", .logout, by: .bearer { _ in "nonsense" }, fails: .invalidToken),
        Scenario("with nonsense in the content", .logout, sends: { _ in ["refresh_token": "x"] }, fails: .invalidToken),
        Scenario(
            "with a refresh token as Bearer",
            .logout,
            by: .bearer { $0[.ann].tokens?.refresh ?? "" },
            fails: .invalidToken
        ),
        Scenario(
            "with a good refresh token and a bad access token",
            .logout,
            by: .bearer { _ in "nonsense" },
            sends: refresh,
            fails: .invalidToken
        ),
        Scenario(
            "with a token that is no text",
            .logout,
            sends: { _ in ["refresh_token": 7] },
            fails: .validationError,
            at: ["refresh_token"]
        ),
        Scenario("with a token that was signed out", .logout, by: .user(.ann), fails: .invalidToken)
            .after { stage, cast in
                let answer = try await stage.ask(.logout, bearer: cast[.ann].tokens?.access)
                #expect(answer.status == .noContent)
            },
        Scenario(
            "with a good access token and a bad refresh token",
            .logout,
            by: .user(.ann),
            sends: { _ in ["refresh_token": "x"] },
            fails: .invalidToken
        ),
    ]

    static let everywhere = [
        Scenario(
            "every session of one's own",
            .logoutAll,
            by: .user(.ann),
            gets: .noContent,
            [
                "ends a session of ann: logout-all", "ends a session of ann: logout-all",
                "refuses tokens of a session of ann", "refuses tokens of a session of ann", "audits logout.all by ann",
            ]
        ).then { _, stage, cast in
            try await stage.mustRefuse(cast[.ann].tokens?.access)
            try await stage.mustRefuse(cast[.ann].otherTokens?.access)
            try await stage.mustLetIn(cast[.bob].tokens?.access)
            // A sign-in at the same moment is a new one.
            try await stage.mustLetIn(stage.signIn(cast[.ann].username).access)
        },
        Scenario("without a token", .logoutAll, fails: .authenticationError),
        Scenario("who was deleted", .logoutAll, by: .user(.gone), fails: .invalidToken),
    ]

    static let ending = [
        Scenario(
            "another session of one's own",
            .endSession,
            by: .user(.ann),
            gets: .noContent,
            [
                "ends a session of ann: revoked", "refuses tokens of a session of ann", "audits session.revoke by ann",
            ]
        ).target { $0[.ann].otherTokens?.session.description ?? "" }.then { _, stage, cast in
            try await stage.mustRefuse(cast[.ann].otherTokens?.access)
            try await stage.mustLetIn(cast[.ann].tokens?.access)
        },
        Scenario(
            "the session that asks",
            .endSession,
            by: .user(.ann),
            gets: .noContent,
            [
                "ends a session of ann: revoked", "refuses tokens of a session of ann", "audits session.revoke by ann",
            ]
        ).target { $0[.ann].tokens?.session.description.uppercased() ?? "" }.then(isOut),
        Scenario("a session of somebody else", .endSession, by: .user(.ann), fails: .notFound)
            .target { $0[.bob].tokens?.session.description ?? "" },
        Scenario("not even an administrator", .endSession, by: .user(.root), fails: .notFound)
            .target { $0[.bob].tokens?.session.description ?? "" },
        Scenario("one that never was", .endSession, by: .user(.ann), fails: .notFound)
            .target { _ in "01890a5d-ac96-774b-bcce-b302099a8057" },
        Scenario("no identifier", .endSession, by: .user(.ann), fails: .notFound).target { _ in "all" },
        Scenario("an identifier with a quote", .endSession, by: .user(.ann), fails: .notFound).target { _ in
            "'%20OR%201=1"
        },
        Scenario("a path that is not UTF-8", .endSession, by: .user(.ann), fails: .validationError, status: .badRequest)
            .target { _ in "%FF%zz" },
        Scenario("one that has ended", .endSession, by: .user(.ann), fails: .notFound)
            .target { $0[.ann].otherTokens?.session.description ?? "" }
            .after { stage, cast in
                let answer = try await stage.ask(.logout, bearer: cast[.ann].otherTokens?.access)
                #expect(answer.status == .noContent)
            },
        Scenario("without a token", .endSession, fails: .authenticationError)
            .target { $0[.ann].otherTokens?.session.description ?? "" },
    ]

    @Test(arguments: Setting.allCases)
    func `whoever has a token may leave, by any of the three ways`(_ setting: Setting) async throws {
        try await Stage.play(LeavingScenarios.logouts, setting)
    }

    @Test(arguments: Setting.allCases)
    func `who has no good token ends nothing`(_ setting: Setting) async throws {
        try await Stage.play(LeavingScenarios.refusals, setting)
    }

    @Test(arguments: Setting.allCases)
    func `one leaves everywhere at once, and nobody else does`(_ setting: Setting) async throws {
        try await Stage.play(LeavingScenarios.everywhere, setting)
    }

    @Test(arguments: Setting.allCases)
    func `one ends sessions of one's own, and of nobody else`(_ setting: Setting) async throws {
        try await Stage.play(LeavingScenarios.ending, setting)
    }
}
