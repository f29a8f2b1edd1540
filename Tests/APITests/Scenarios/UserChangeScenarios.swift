import Contract
import Database
import HTTPEngine
import TestKit
import Testing

@testable import API

/// What administrators do to the accounts of others.
@Suite struct UserChangeScenarios {
    private static let grace: @Sendable (Cast) -> Content = {
        ["username": "\($0.name("grace"))", "email": "\($0.email("grace"))", "password": "\(Cast.password)"]
    }

    private static func grace(
        _ change: @escaping @Sendable (Content, Cast) -> Content
    ) -> @Sendable (Cast) -> Content {
        { change(grace($0), $0) }
    }

    private static let made = ["adds user new", "audits user.create by root"]

    static let creations = [
        Scenario("somebody", .createUser, by: .user(.root), sends: grace, gets: .created, made)
            .then { answer, stage, cast in
                let user = try UserBody(parsing: answer.body)
                #expect(user.username == cast.name("grace") && !user.isAdmin && user.isActive && !user.isEmailVerified)
                try await stage.mustLetIn(stage.signIn(user.username).access)
            },
        Scenario("by the other path", .createUser, by: .user(.root), path: 1, sends: grace, gets: .created, made),
        Scenario(
            "an administrator who is not active yet",
            .createUser,
            by: .user(.root),
            sends: grace { content, _ in
                content.with("is_admin", true).with("is_active", false).with("email_verified", true)
            },
            gets: .created,
            made
        ).then { answer, _, _ in
            let user = try UserBody(parsing: answer.body)
            #expect(user.isAdmin && !user.isActive && user.isEmailVerified)
        },
        Scenario(
            "a name that nobody may take by themselves",
            .createUser,
            by: .user(.root),
            sends: grace { content, _ in content.with("username", "postmaster") },
            gets: .created,
            made
        ),
        Scenario(
            "a name that somebody has",
            .createUser,
            by: .user(.root),
            sends: grace { content, cast in content.with("username", "\(cast[.bob].username.uppercased())") },
            fails: .conflict,
            at: ["username"]
        ),
        Scenario(
            "an address that somebody has",
            .createUser,
            by: .user(.root),
            sends: grace { content, cast in content.with("email", "\(cast[.bob].email)") },
            fails: .conflict,
            at: ["email"]
        ),
        Scenario(
            "nothing",
            .createUser,
            by: .user(.root),
            sends: { _ in [:] },
            fails: .validationError,
            at: ["email", "password", "username"]
        ),
        Scenario(
            "flags that are none",
            .createUser,
            by: .user(.root),
            sends: grace { content, _ in content.with("is_admin", "true").with("is_active", 1).with("more", nil) },
            fails: .validationError,
            at: ["is_active", "is_admin", "more"]
        ),
        Scenario(
            "all that is wrong at once",
            .createUser,
            by: .user(.root),
            sends: { _ in ["username": "a b", "email": "nowhere", "password": "short"] },
            fails: .validationError,
            at: ["email", "password", "username"]
        ),
    ]

    private static let replacement: @Sendable (Cast) -> Content = {
        [
            "username": "\($0.name("robert"))", "email": "\($0.email("robert"))", "is_admin": false, "is_active": true,
        ]
    }

    private static let refusesAll = ["refuses older tokens of bob"]

    static let replacements = [
        Scenario(
            "all of it",
            .replaceUser,
            by: .user(.root),
            of: .bob,
            sends: replacement,
            gets: .ok,
            ["changes user bob: email, updated_at, username, valid_after", "audits user.update by root"] + refusesAll
        ).then { answer, stage, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.username == cast.name("robert") && user.email == cast.email("robert"))
            // It says what he was called.
            try await stage.mustRefuse(cast[.bob].tokens?.access)
        },
        Scenario(
            "what was got is sent back",
            .replaceUser,
            by: .user(.root),
            of: .bob,
            sends: {
                [
                    "id": "\($0[.bob].id)", "username": "\($0[.bob].username)", "email": "\($0[.bob].email)",
                    "is_admin": false, "is_active": true, "email_verified": false,
                    "created_at": "2026-01-15T10:30:00Z", "updated_at": "2026-01-15T10:30:00Z", "last_login_at": nil,
                ]
            },
            gets: .ok,
            ["changes user bob: updated_at", "audits user.update by root"]
        ),
        Scenario(
            "another password ends every session",
            .replaceUser,
            by: .user(.root),
            of: .bob,
            sends: { replacement($0).with("password", "eleven loud bells at dawn") },
            gets: .ok,
            [
                "changes user bob: email, password_changed_at, password_hash, updated_at, username, valid_after",
                "ends a session of bob: user.update", "refuses tokens of a session of bob",
                "refuses older tokens of bob", "audits user.update by root",
            ]
        ).then { _, stage, cast in
            try await stage.mustRefuse(cast[.bob].tokens?.access)
            try await stage.mustLetIn(stage.signIn(cast.name("robert"), "eleven loud bells at dawn").access)
        },
        Scenario(
            "half of it",
            .replaceUser,
            by: .user(.root),
            of: .bob,
            sends: { ["username": "\($0.name("robert"))"] },
            fails: .validationError,
            at: ["email", "is_active", "is_admin"]
        ),
        Scenario(
            "a name that somebody has",
            .replaceUser,
            by: .user(.root),
            of: .bob,
            sends: { replacement($0).with("username", "\($0[.ann].username)") },
            fails: .conflict,
            at: ["username"]
        ),
        Scenario(
            "an address that somebody has",
            .replaceUser,
            by: .user(.root),
            of: .bob,
            sends: { replacement($0).with("email", "\($0[.ann].email)") },
            fails: .conflict,
            at: ["email"]
        ),
        Scenario(
            "a password like the new name",
            .replaceUser,
            by: .user(.root),
            of: .bob,
            sends: { replacement($0).with("password", "\($0.name("robert"))1") },
            fails: .validationError,
            at: ["password"]
        ),
        Scenario("who never was", .replaceUser, by: .user(.root), sends: replacement, fails: .notFound)
            .target { _ in "01890a5d-ac96-774b-bcce-b302099a8057" },
        Scenario("who was deleted", .replaceUser, by: .user(.root), of: .gone, sends: replacement, fails: .notFound),
    ]

    private static func patch(
        _ title: String,
        _ content: @escaping @Sendable (Cast) -> Content,
        _ effects: [String]
    ) -> Scenario {
        Scenario(title, .changeUser, by: .user(.root), of: .bob, sends: content, gets: .ok, effects)
    }

    static let changes = [
        patch(
            "a name",
            { ["username": "\($0.name("robert"))"] },
            ["changes user bob: updated_at, username, valid_after", "audits user.update by root"] + refusesAll
        ),
        patch(
            "an address, which is not verified",
            { ["email": "\($0.email("robert"))"] },
            ["changes user bob: email, email_verified, updated_at, valid_after", "audits user.update by root"]
                + refusesAll
        ).after { stage, cast in
            _ = try await stage.database.query("UPDATE users SET email_verified = \(true) WHERE id = \(cast[.bob].id)")
        },
        patch(
            "an address that is said to be verified",
            { ["email": "\($0.email("robert"))", "email_verified": true] },
            ["changes user bob: email, email_verified, updated_at, valid_after", "audits user.update by root"]
                + refusesAll
        ),
        patch("nothing", { _ in [:] }, ["changes user bob: updated_at", "audits user.update by root"]),
        patch(
            "a role: what tokens say of it is refused at once, and sessions live",
            { _ in ["is_admin": true] },
            ["changes user bob: is_admin, updated_at, valid_after", "audits user.update by root"] + refusesAll
        ).then { _, stage, cast in
            try await stage.mustRefuse(cast[.bob].tokens?.access)
            let refresh = "\(cast[.bob].tokens?.refresh ?? "")"
            let next = try await stage.tokens(try await stage.ask(.refresh, [:], ["refresh_token": "\(refresh)"]))
            let answer = try await stage.ask(.listUsers, bearer: next.access)
            #expect(answer.status == .ok)
        },
        patch(
            "not active",
            { _ in ["is_active": false] },
            [
                "changes user bob: is_active, updated_at", "ends a session of bob: user.update",
                "refuses tokens of a session of bob", "audits user.update by root",
            ]
        ).then { _, stage, cast in try await stage.mustRefuse(cast[.bob].tokens?.access) },
        patch(
            "a password",
            { _ in ["password": "eleven loud bells at dawn"] },
            [
                "changes user bob: password_changed_at, password_hash, updated_at",
                "ends a session of bob: user.update", "refuses tokens of a session of bob",
                "audits user.update by root",
            ]
        ),
        Scenario(
            "null clears nothing",
            .changeUser,
            by: .user(.root),
            of: .bob,
            sends: { _ in ["username": nil, "is_admin": nil, "password": nil] },
            fails: .validationError,
            at: ["is_admin", "password", "username"]
        ),
        Scenario(
            "what nobody can set",
            .changeUser,
            by: .user(.root),
            of: .bob,
            sends: { _ in ["id": "x", "password_hash": "x", "created_at": "x"] },
            fails: .validationError,
            at: ["created_at", "id", "password_hash"]
        ),
        Scenario(
            "a name that somebody has",
            .changeUser,
            by: .user(.root),
            of: .bob,
            sends: { ["username": "\($0[.ann].username)"] },
            fails: .conflict,
            at: ["username"]
        ),
        Scenario(
            "a password like the name that stays",
            .changeUser,
            by: .user(.root),
            of: .bob,
            sends: { ["password": "\($0[.bob].email)"] },
            fails: .validationError,
            at: ["password"]
        ),
        Scenario("who never was", .changeUser, by: .user(.root), sends: { _ in [:] }, fails: .notFound)
            .target { _ in "01890a5d-ac96-774b-bcce-b302099a8057" },
        Scenario(
            "the password of who was deleted",
            .changeUser,
            by: .user(.root),
            of: .gone,
            sends: { _ in ["password": "eleven loud bells at dawn"] },
            fails: .notFound
        ),
    ]

    @Test(arguments: Setting.allCases)
    func `administrators make accounts`(_ setting: Setting) async throws {
        try await Stage.play(UserChangeScenarios.creations, setting)
    }

    @Test(arguments: Setting.allCases)
    func `administrators replace what can be set`(_ setting: Setting) async throws {
        try await Stage.play(UserChangeScenarios.replacements, setting)
    }

    @Test(arguments: Setting.allCases)
    func `administrators change what is given, and nothing else`(_ setting: Setting) async throws {
        try await Stage.play(UserChangeScenarios.changes, setting)
    }
}
