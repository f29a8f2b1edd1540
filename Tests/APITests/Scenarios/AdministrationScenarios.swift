import Contract
import Database
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import API

@Suite struct AdministrationScenarios {
    private static let outAndGone = [
        "ends a session of ann: deleted", "ends a session of ann: deleted", "refuses tokens of a session of ann",
        "refuses tokens of a session of ann", "audits user.delete by root",
    ]

    /// Nobody else administrates.
    private static let alone: @Sendable (Stage, Cast) async throws -> Void = { stage, cast in
        try await stage.leaveAlone(cast[.root])
    }

    private static let isOut: @Sendable (TestResponse, Stage, Cast) async throws -> Void = { _, stage, cast in
        try await stage.mustRefuse(cast[.ann].tokens?.access)
        try await stage.mustRefuse(cast[.ann].otherTokens?.access)
        let login = try await stage.ask(
            .login,
            [:],
            ["username": "\(cast[.ann].username)", "password": "\(Cast.password)"]
        )
        #expect(login.status.code >= 400)
        let refresh = "\(cast[.ann].tokens?.refresh ?? "")"
        let answer = try await stage.ask(.refresh, [:], ["refresh_token": "\(refresh)"])
        #expect(answer.status == .unauthorized)
    }

    static let deletions = [
        Scenario(
            "softly: the row stays for the audit",
            .deleteUser,
            by: .user(.root),
            of: .ann,
            gets: .noContent,
            ["changes user ann: deleted_at, is_active, updated_at, valid_after"] + outAndGone
        ).then(isOut),
        Scenario(
            "softly, as it is said",
            .deleteUser,
            by: .user(.root),
            of: .ann,
            query: { _ in "?hard=false" },
            gets: .noContent,
            ["changes user ann: deleted_at, is_active, updated_at, valid_after"] + outAndGone
        ),
        Scenario(
            "hard: nothing is kept but the audit",
            .deleteUser,
            by: .user(.root),
            of: .ann,
            query: { _ in "?hard=true" },
            gets: .noContent,
            [
                "removes user ann", "removes a session of ann", "removes a session of ann",
                "refuses tokens of a session of ann", "refuses tokens of a session of ann",
                "audits user.delete by root",
            ]
        ).then(isOut),
        Scenario("who was deleted", .deleteUser, by: .user(.root), of: .gone, fails: .notFound),
        Scenario(
            "who was deleted, hard",
            .deleteUser,
            by: .user(.root),
            of: .gone,
            query: { _ in "?hard=true" },
            gets: .noContent,
            ["removes user gone", "removes a session of gone", "audits user.delete by root"]
        ).then { _, stage, cast in
            let again = try await stage.ask(
                .deleteUser,
                bearer: cast[.root].tokens?.access,
                target: cast[.gone].id.description,
                query: "?hard=true"
            )
            #expect(again.status == .notFound)
            try await stage.mustRefuse(cast[.gone].tokens?.access)
        },
        Scenario("who never was", .deleteUser, by: .user(.root), fails: .notFound)
            .target { _ in "01890a5d-ac96-774b-bcce-b302099a8057" },
        Scenario(
            "neither hard nor soft",
            .deleteUser,
            by: .user(.root),
            of: .ann,
            query: { _ in "?hard=1" },
            fails: .validationError,
            at: ["hard"]
        ),
        Scenario(
            "a slip in the parameter",
            .deleteUser,
            by: .user(.root),
            of: .ann,
            query: { _ in "?force=true" },
            fails: .validationError,
            at: ["force"]
        ),
        Scenario(
            "a query that is not percent-encoded",
            .deleteUser,
            by: .user(.root),
            of: .ann,
            query: { _ in "?hard=%" },
            fails: .validationError,
            status: .badRequest
        ),
        Scenario("oneself", .deleteUser, by: .user(.ann), of: .ann, fails: .authorizationError),
        Scenario("the last administrator", .deleteUser, by: .user(.root), of: .root, fails: .conflict).after(alone),
        Scenario(
            "the last administrator, hard",
            .deleteUser,
            by: .user(.root),
            of: .root,
            query: { _ in "?hard=true" },
            fails: .conflict
        ).after(alone),
    ]

    static let states = [
        Scenario(
            "somebody may not sign in any more",
            .deactivateUser,
            by: .user(.root),
            of: .ann,
            gets: .ok,
            [
                "changes user ann: is_active, updated_at", "ends a session of ann: user.deactivate",
                "ends a session of ann: user.deactivate", "refuses tokens of a session of ann",
                "refuses tokens of a session of ann", "audits user.deactivate by root",
            ]
        ).then(isOut),
        Scenario(
            "somebody may sign in again",
            .activateUser,
            by: .user(.root),
            of: .idle,
            gets: .ok,
            ["changes user idle: is_active, updated_at", "audits user.activate by root"]
        ).then { answer, stage, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.isActive)
            try await stage.mustLetIn(stage.signIn(cast[.idle].username).access)
        },
        Scenario(
            "who is active stays so",
            .activateUser,
            by: .user(.root),
            of: .bob,
            gets: .ok,
            ["changes user bob: updated_at", "audits user.activate by root"]
        ).then { _, stage, cast in try await stage.mustLetIn(cast[.bob].tokens?.access) },
        Scenario("the last administrator stays", .deactivateUser, by: .user(.root), of: .root, fails: .conflict)
            .after(alone),
        Scenario(
            "the last one, by a change",
            .changeUser,
            by: .user(.root),
            of: .root,
            sends: { _ in ["is_active": false] },
            fails: .conflict
        )
        .after(alone),
    ]

    static let roles = [
        Scenario(
            "an administrator more: the old tokens are refused at once",
            .makeAdministrator,
            by: .user(.root),
            of: .bob,
            gets: .ok,
            [
                "changes user bob: is_admin, updated_at, valid_after", "refuses older tokens of bob",
                "audits user.make-admin by root",
            ]
        ).then { answer, stage, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.isAdmin)
            try await stage.mustRefuse(cast[.bob].tokens?.access)
            // Whoever signs in at once, or refreshes, has the new role.
            let tokens = try await stage.signIn(cast[.bob].username)
            let stats = try await stage.ask(.statistics, bearer: tokens.access)
            #expect(stats.status == .ok)
        },
        Scenario(
            "an administrator less: what they could do they can not from the next request on",
            .removeAdministrator,
            by: .user(.root),
            of: .root,
            gets: .ok,
            [
                "changes user root: is_admin, updated_at, valid_after", "refuses older tokens of root",
                "audits user.remove-admin by root",
            ]
        ).after { stage, cast in
            // Somebody else has to be left.
            _ = try await stage.database.query("UPDATE users SET is_admin = \(true) WHERE id = \(cast[.bob].id)")
        }.then { answer, stage, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(!user.isAdmin)
            for token in [cast[.root].tokens?.access, cast[.root].otherTokens?.access] {
                let list = try await stage.ask(.listUsers, bearer: token)
                #expect(list.status == .unauthorized)
            }
            let tokens = try await stage.signIn(cast[.root].username)
            let list = try await stage.ask(.listUsers, bearer: tokens.access)
            #expect(list.status == .forbidden)
        },
        Scenario(
            "who is one stays one, and their tokens count",
            .makeAdministrator,
            by: .user(.root),
            of: .root,
            gets: .ok,
            ["changes user root: updated_at", "audits user.make-admin by root"]
        ).then { _, stage, cast in try await stage.mustLetIn(cast[.root].tokens?.access) },
        Scenario("the last one stays", .removeAdministrator, by: .user(.root), of: .root, fails: .conflict).after(
            alone
        ),
        Scenario(
            "the last one, by a change",
            .changeUser,
            by: .user(.root),
            of: .root,
            sends: { _ in ["is_admin": false] },
            fails: .conflict
        )
        .after(alone),
        Scenario(
            "the last one, by a replacement",
            .replaceUser,
            by: .user(.root),
            of: .root,
            sends: {
                [
                    "username": "\($0[.root].username)", "email": "\($0[.root].email)", "is_admin": false,
                    "is_active": true,
                ]
            },
            fails: .conflict
        ).after(alone),
        Scenario(
            "one who is not active does not count",
            .removeAdministrator,
            by: .user(.root),
            of: .root,
            fails: .conflict
        )
        .after { stage, cast in
            try await stage.leaveAlone(cast[.root])
            _ = try await stage.database.query("UPDATE users SET is_admin = \(true) WHERE id = \(cast[.idle].id)")
        },
    ]

    static let sessions = [
        Scenario(
            "every session of somebody",
            .endUserSessions,
            by: .user(.root),
            of: .ann,
            gets: .noContent,
            [
                "ends a session of ann: administrator", "ends a session of ann: administrator",
                "refuses tokens of a session of ann", "refuses tokens of a session of ann",
                "audits user.revoke-sessions by root",
            ]
        ).then { _, stage, cast in
            try await stage.mustRefuse(cast[.ann].tokens?.access)
            try await stage.mustLetIn(cast[.bob].tokens?.access)
            try await stage.mustLetIn(stage.signIn(cast[.ann].username).access)
        },
        Scenario(
            "of somebody who has none",
            .endUserSessions,
            by: .user(.root),
            of: .idle,
            gets: .noContent,
            ["audits user.revoke-sessions by root"]
        ),
    ]

    private static let verbs: [Operation] = [
        .activateUser, .deactivateUser, .makeAdministrator, .removeAdministrator, .endUserSessions,
    ]

    static let missing = verbs.flatMap { operation in
        [
            Scenario("\(operation.id): who was deleted", operation, by: .user(.root), of: .gone, fails: .notFound),
            Scenario("\(operation.id): who never was", operation, by: .user(.root), fails: .notFound)
                .target { _ in "01890a5d-ac96-774b-bcce-b302099a8057" },
            Scenario("\(operation.id): no identifier", operation, by: .user(.root), fails: .notFound)
                .target { _ in "me" },
            Scenario(
                "\(operation.id): a path with NUL",
                operation,
                by: .user(.root),
                fails: .validationError,
                status: .badRequest
            ).target { _ in "%00" },
        ]
    }

    /// Every operation that needs an administrator, of somebody who could be harmed by it.
    static let forbidden = Operation.all.filter { [.administrator, .administratorOrSelf].contains($0.caller) }
        .flatMap { operation in
            [
                Scenario("\(operation.id): a user", operation, by: .user(.ann), of: .bob, fails: .authorizationError),
                Scenario("\(operation.id): nobody", operation, of: .bob, fails: .authenticationError),
                Scenario(
                    "\(operation.id): nonsense",
                    operation,
                    by: .bearer { _ in "x" },
                    of: .bob,
                    fails: .invalidToken
                ),
                Scenario(
                    "\(operation.id): who was deleted",
                    operation,
                    by: .user(.gone),
                    of: .bob,
                    fails: .invalidToken
                ),
            ]
        }

    @Test(arguments: Setting.allCases)
    func `whoever is deleted is out at once`(_ setting: Setting) async throws {
        try await Stage.play(AdministrationScenarios.deletions, setting)
    }

    @Test(arguments: Setting.allCases)
    func `whoever is put out can not come in, until they are let in again`(_ setting: Setting) async throws {
        try await Stage.play(AdministrationScenarios.states, setting)
    }

    @Test(arguments: Setting.allCases)
    func `a role is in force at the next request, and one administrator stays`(_ setting: Setting) async throws {
        try await Stage.play(AdministrationScenarios.roles, setting)
    }

    @Test(arguments: Setting.allCases)
    func `administrators end the sessions of others`(_ setting: Setting) async throws {
        try await Stage.play(AdministrationScenarios.sessions, setting)
    }

    @Test(arguments: Setting.allCases)
    func `to nobody nothing happens`(_ setting: Setting) async throws {
        try await Stage.play(AdministrationScenarios.missing, setting)
    }

    @Test(arguments: Setting.allCases)
    func `nobody else administrates, whatever they send`(_ setting: Setting) async throws {
        try await Stage.play(AdministrationScenarios.forbidden, setting)
    }
}
