import Contract
import Database
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import API

/// One's own account.
@Suite struct AccountScenarios {
    static let looks = [
        Scenario("who one is", .me, by: .user(.ann), gets: .ok).then { answer, _, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.id == cast[.ann].id.description && user.username == cast[.ann].username && !user.isAdmin)
        },
        Scenario("by the other path", .me, by: .user(.root), path: 1, gets: .ok).then { answer, _, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.id == cast[.root].id.description && user.isAdmin)
        },
        Scenario("a greeting", .hello, by: .user(.bob), gets: .ok).then { answer, _, cast in
            #expect(answer.text == #"{"message":"hello world","username":"\#(cast[.bob].username)"}"#)
        },
        Scenario("whose token it is", .verify, by: .user(.ann), gets: .noContent).then { answer, _, cast in
            #expect(answer.fields.values(HTTPFieldName("X-Auth-User-Id")) == [cast[.ann].id.description])
            #expect(answer.fields.values(HTTPFieldName("X-Auth-Username")) == [cast[.ann].username])
            #expect(answer.fields.values(HTTPFieldName("X-Auth-Roles")) == ["user"])
        },
        Scenario("whose token it is, of an administrator", .verify, by: .user(.root), gets: .noContent)
            .then { answer, _, _ in
                #expect(answer.fields.values(HTTPFieldName("X-Auth-Roles")) == ["admin,user"])
            },
        Scenario("where one is signed in", .sessions, by: .user(.ann), gets: .ok).then { answer, _, cast in
            let sessions = try SessionList(parsing: answer.body).items
            let expected = [cast[.ann].otherTokens, cast[.ann].tokens].map { $0?.session.description }
            #expect(sessions.map(\.id) == expected, "the newest first, and nobody else's")
            #expect(sessions.map(\.isCurrent) == [false, true])
            #expect(sessions.allSatisfy { $0.address == "127.0.0.1" })
        },
        Scenario("those that have ended are not among them", .sessions, by: .user(.ann), gets: .ok)
            .after { stage, cast in
                let answer = try await stage.ask(.logout, bearer: cast[.ann].otherTokens?.access)
                #expect(answer.status == .noContent)
            }.then { answer, _, cast in
                let sessions = try SessionList(parsing: answer.body).items
                #expect(sessions.map(\.id) == [cast[.ann].tokens?.session.description])
            },
    ]

    /// What none of them lets in. Each for every operation that needs a token.
    static let strangers: [(title: String, caller: Scenario.Caller, code: ErrorCode)] = [
        ("nobody", .nobody, .authenticationError),
        ("nonsense", .bearer { _ in "nonsense" }, .invalidToken),
        ("a refresh token", .bearer { $0[.ann].tokens?.refresh ?? "" }, .invalidToken),
        ("who was deleted", .user(.gone), .invalidToken),
    ]

    static let guarded = [Operation.me, .hello, .verify, .sessions, .changeProfile, .changePassword].flatMap {
        operation in
        strangers.map { Scenario("\(operation.id): \($0.title)", operation, by: $0.caller, fails: $0.code) }
    }

    // MARK: - The profile

    private static let changed = ["audits user.update by ann"]
    /// Tokens tell others who somebody is: those with the old name or address count no more.
    private static let renamed = changed + ["refuses older tokens of ann"]

    static let profiles = [
        Scenario(
            "another name",
            .changeProfile,
            by: .user(.ann),
            sends: { ["username": "\($0.name("anna"))"] },
            gets: .ok,
            ["changes user ann: updated_at, username, valid_after"] + renamed
        ).then { answer, stage, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.username == cast.name("anna"))
            try await stage.mustRefuse(cast[.ann].tokens?.access)
            try await stage.mustRefuse(cast[.ann].otherTokens?.access)
            // Every session lives, and goes on under the new name. Somebody else may have the old one by then.
            let refresh = "\(cast[.ann].tokens?.refresh ?? "")"
            let next = try await stage.tokens(try await stage.ask(.refresh, [:], ["refresh_token": "\(refresh)"]))
            let verified = try await stage.ask(.verify, bearer: next.access)
            #expect(verified.fields.values(HTTPFieldName("X-Auth-Username")) == [cast.name("anna")])
            try await stage.mustLetIn(stage.signIn(cast.name("anna")).access)
        },
        Scenario(
            "other capitals",
            .changeProfile,
            by: .user(.ann),
            sends: { ["username": "\($0[.ann].username.uppercased())"] },
            gets: .ok,
            ["changes user ann: updated_at, username, valid_after"] + renamed
        ),
        Scenario(
            "the same name and address once more",
            .changeProfile,
            by: .user(.ann),
            sends: { ["username": "\($0[.ann].username)", "email": "\($0[.ann].email)"] },
            gets: .ok,
            ["changes user ann: updated_at"] + changed
        ).then { _, stage, cast in try await stage.mustLetIn(cast[.ann].tokens?.access) },
        Scenario(
            "another address, which is not verified",
            .changeProfile,
            by: .user(.ann),
            sends: { ["email": "\($0.email("anna"))"] },
            gets: .ok,
            ["changes user ann: email, email_verified, updated_at, valid_after"] + renamed
        ).after { stage, cast in
            _ = try await stage.database.query("UPDATE users SET email_verified = \(true) WHERE id = \(cast[.ann].id)")
        },
        Scenario(
            "the same address stays verified",
            .changeProfile,
            by: .user(.ann),
            sends: { ["email": "\($0[.ann].email.uppercased())"] },
            gets: .ok,
            ["changes user ann: email, updated_at, valid_after"] + renamed
        ).after { stage, cast in
            _ = try await stage.database.query("UPDATE users SET email_verified = \(true) WHERE id = \(cast[.ann].id)")
        },
        Scenario(
            "nothing",
            .changeProfile,
            by: .user(.ann),
            sends: { _ in [:] },
            gets: .ok,
            ["changes user ann: updated_at"] + changed
        ),
        Scenario(
            "the name of somebody else",
            .changeProfile,
            by: .user(.ann),
            sends: { ["username": "\($0[.bob].username.uppercased())"] },
            fails: .conflict,
            at: ["username"]
        ),
        Scenario(
            "the address of somebody else",
            .changeProfile,
            by: .user(.ann),
            sends: { ["email": "\($0[.bob].email.uppercased())"] },
            fails: .conflict,
            at: ["email"]
        ),
        Scenario(
            "both of them, of two people",
            .changeProfile,
            by: .user(.ann),
            sends: { ["username": "\($0[.bob].username)", "email": "\($0[.root].email)"] },
            fails: .conflict,
            at: ["email", "username"]
        ),
        Scenario(
            "one's own address beside the name of somebody else",
            .changeProfile,
            by: .user(.ann),
            sends: { ["username": "\($0[.bob].username)", "email": "\($0[.ann].email)"] },
            fails: .conflict,
            at: ["username"]
        ),
        Scenario(
            "null clears nothing",
            .changeProfile,
            by: .user(.ann),
            sends: { _ in ["username": nil, "email": nil] },
            fails: .validationError,
            at: ["email", "username"]
        ),
        Scenario(
            "nobody makes themselves an administrator",
            .changeProfile,
            by: .user(.ann),
            sends: { _ in ["is_admin": true, "is_active": true, "email_verified": true, "password": "x"] },
            fails: .validationError,
            at: ["email_verified", "is_active", "is_admin", "password"]
        ),
        Scenario(
            "no name and no address",
            .changeProfile,
            by: .user(.ann),
            sends: { _ in ["username": "a b", "email": "nowhere"] },
            fails: .validationError,
            at: ["email", "username"]
        ),
        Scenario(
            "a name that poses as the service",
            .changeProfile,
            by: .user(.ann),
            sends: { _ in ["username": "Ad-min"] },
            fails: .validationError,
            at: ["username"]
        ),
    ]

    // MARK: - The password

    private static let new = "eleven loud bells at dawn"

    private static func passwords(_ current: String, _ new: String) -> @Sendable (Cast) -> Content {
        { _ in ["current_password": "\(current)", "new_password": "\(new)"] }
    }

    static let passwords = [
        Scenario(
            "another one",
            .changePassword,
            by: .user(.ann),
            sends: passwords(Cast.password, new),
            gets: .noContent,
            [
                "changes user ann: password_changed_at, password_hash, updated_at", "ends a session of ann: password",
                "refuses tokens of a session of ann", "audits user.password by ann",
            ]
        ).then { _, stage, cast in
            // The session that asked lives on, and every other has ended.
            try await stage.mustLetIn(cast[.ann].tokens?.access)
            try await stage.mustRefuse(cast[.ann].otherTokens?.access)
            let refresh = "\(cast[.ann].otherTokens?.refresh ?? "")"
            let other = try await stage.ask(.refresh, [:], ["refresh_token": "\(refresh)"])
            #expect(other.status == .unauthorized)
            let old = try await stage.ask(
                .login,
                [:],
                ["username": "\(cast[.ann].username)", "password": "\(Cast.password)"]
            )
            #expect(old.status == .unauthorized)
            try await stage.mustLetIn(stage.signIn(cast[.ann].username, new).access)
        },
        Scenario(
            "without knowing the present one",
            .changePassword,
            by: .user(.ann),
            sends: passwords("not this one", new),
            fails: .validationError,
            at: ["current_password"],
            ["audits user.password failed by ann"]
        ).then { _, stage, cast in
            try await stage.mustLetIn(cast[.ann].otherTokens?.access)
            try await stage.mustLetIn(stage.signIn(cast[.ann].username).access)
        },
        Scenario(
            "with no present one at all",
            .changePassword,
            by: .user(.ann),
            sends: passwords("", new),
            fails: .validationError,
            at: ["current_password"],
            ["audits user.password failed by ann"]
        ),
        Scenario(
            "everything that is wrong is told at once",
            .changePassword,
            by: .user(.ann),
            sends: passwords("not this one", "short"),
            fails: .validationError,
            at: ["current_password", "new_password"],
            ["audits user.password failed by ann"]
        ),
        Scenario(
            "too short",
            .changePassword,
            by: .user(.ann),
            sends: passwords(Cast.password, "short"),
            fails: .validationError,
            at: ["new_password"]
        ),
        Scenario(
            "one of those that are tried first",
            .changePassword,
            by: .user(.ann),
            sends: passwords(Cast.password, "password123"),
            fails: .validationError,
            at: ["new_password"]
        ),
        Scenario(
            "one's own name",
            .changePassword,
            by: .user(.ann),
            sends: { ["current_password": "\(Cast.password)", "new_password": "\($0[.ann].email)"] },
            fails: .validationError,
            at: ["new_password"]
        ),
        Scenario(
            "nothing",
            .changePassword,
            by: .user(.ann),
            sends: { _ in [:] },
            fails: .validationError,
            at: ["current_password", "new_password"]
        ),
    ]

    @Test(arguments: Setting.allCases)
    func `everybody sees what is theirs`(_ setting: Setting) async throws {
        try await Stage.play(AccountScenarios.looks, setting)
    }

    @Test(arguments: Setting.allCases)
    func `without a good token nobody sees or changes anything`(_ setting: Setting) async throws {
        try await Stage.play(AccountScenarios.guarded, setting)
    }

    @Test(arguments: Setting.allCases)
    func `everybody changes their own name and address`(_ setting: Setting) async throws {
        try await Stage.play(AccountScenarios.profiles, setting)
    }

    @Test(arguments: Setting.allCases)
    func `another password ends every other session`(_ setting: Setting) async throws {
        try await Stage.play(AccountScenarios.passwords, setting)
    }
}
