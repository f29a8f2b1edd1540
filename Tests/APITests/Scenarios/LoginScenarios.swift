import Contract
import Database
import HTTPEngine
import Linux
import Passwords
import TestKit
import Testing

@testable import API

@Suite struct LoginScenarios {
    private static func proof(
        _ name: String,
        _ identifier: @escaping @Sendable (Cast) -> String,
        _ password: String = Cast.password
    ) -> @Sendable (Cast) -> Content {
        { [name: "\(identifier($0))", "password": "\(password)"] }
    }

    private static func entered(_ role: Cast.Role) -> [String] {
        ["adds a session of \(role)", "audits login by \(role)", "changes user \(role): last_login_at"]
    }

    static let names = [
        Scenario("by username", .login, sends: proof("username") { $0[.ann].username }, gets: .ok, entered(.ann))
            .then { answer, stage, cast in
                let body = try TokensBody(parsing: answer.body)
                #expect(body.expiresIn == 900 && body.user.id == cast[.ann].id.description)
                #expect(body.user.lastLoginAt != nil)
                #expect(answer.fields.values(.cacheControl) == ["no-store"])
                #expect(answer.fields.count(of: .xDeviceToken) == 1)
                try await stage.mustLetIn(body.accessToken)
                // Those who were signed in before stay.
                try await stage.mustLetIn(cast[.ann].tokens?.access)
            },
        Scenario("by address", .login, sends: proof("email") { $0[.ann].email }, gets: .ok, entered(.ann)),
        Scenario(
            "by either, which is a username",
            .login,
            sends: proof("username_or_email") { $0[.ann].username },
            gets: .ok,
            entered(.ann)
        ),
        Scenario(
            "by either, which is an address",
            .login,
            sends: proof("username_or_email") { $0[.ann].email },
            gets: .ok,
            entered(.ann)
        ),
        Scenario(
            "an address under the name of the other",
            .login,
            sends: proof("username") { $0[.ann].email },
            gets: .ok,
            entered(.ann)
        ),
        Scenario(
            "capitals count for nothing",
            .login,
            sends: proof("username") { $0[.ann].username.uppercased() },
            gets: .ok,
            entered(.ann)
        ),
        Scenario(
            "in addresses either",
            .login,
            sends: proof("email") { $0[.ann].email.uppercased() },
            gets: .ok,
            entered(.ann)
        ),
        Scenario(
            "an administrator",
            .login,
            sends: proof("username") { $0[.root].username },
            gets: .ok,
            entered(.root)
        ),
    ]

    static let refusals = [
        Scenario(
            "a wrong password",
            .login,
            sends: proof("username", { $0[.ann].username }, Cast.password.lowercased()),
            fails: .authenticationError,
            ["audits login.failed failed by ann"]
        ),
        Scenario(
            "a password with a space behind it",
            .login,
            sends: proof("username", { $0[.ann].username }, Cast.password + " "),
            fails: .authenticationError,
            ["audits login.failed failed by ann"]
        ),
        Scenario(
            "no password at all",
            .login,
            sends: proof("username", { $0[.ann].username }, ""),
            fails: .authenticationError,
            ["audits login.failed failed by ann"]
        ),
        Scenario(
            "a name that nobody has",
            .login,
            sends: proof("username") { $0.name("nobody") },
            fails: .authenticationError,
            ["audits login.failed failed by nobody"]
        ),
        Scenario(
            "an empty name",
            .login,
            sends: proof("username") { _ in "" },
            fails: .authenticationError,
            ["audits login.failed failed by nobody"]
        ),
        Scenario(
            "an address that nobody has",
            .login,
            sends: proof("email") { $0.email("nobody") },
            fails: .authenticationError,
            ["audits login.failed failed by nobody"]
        ),
        Scenario(
            "who was deleted",
            .login,
            sends: proof("username") { $0[.gone].username },
            fails: .authenticationError,
            ["audits login.failed failed by nobody"]
        ),
        Scenario(
            "who is not active and knows the password",
            .login,
            sends: proof("username") { $0[.idle].username },
            fails: .inactiveUser,
            ["audits login.failed failed by idle"]
        ),
        Scenario(
            "who is not active and does not know the password is told no more than others",
            .login,
            sends: proof("username", { $0[.idle].username }, "something else entirely"),
            fails: .authenticationError,
            ["audits login.failed failed by idle"]
        ),
        Scenario(
            "the password of somebody else",
            .login,
            sends: { ["username": "\($0[.ann].username)", "password": "\($0[.bob].tokens?.access ?? "")"] },
            fails: .authenticationError,
            ["audits login.failed failed by ann"]
        ),
    ]

    static let shapes = [
        Scenario("nothing", .login, sends: { _ in [:] }, fails: .validationError, at: ["password", "username"]),
        Scenario(
            "no name",
            .login,
            sends: { _ in ["password": "x"] },
            fails: .validationError,
            at: ["username"]
        ),
        Scenario("no password", .login, sends: { _ in ["username": "x"] }, fails: .validationError, at: ["password"]),
        Scenario(
            "two names",
            .login,
            sends: {
                ["username": "\($0[.ann].username)", "email": "\($0[.ann].email)", "password": "\(Cast.password)"]
            },
            fails: .validationError,
            at: ["email"]
        ),
        Scenario(
            "a name that is no text",
            .login,
            sends: { _ in ["username": ["a"], "password": "x"] },
            fails: .validationError,
            at: ["username"]
        ),
        Scenario(
            "null",
            .login,
            sends: { _ in ["username": nil, "password": nil] },
            fails: .validationError,
            at: ["password", "username"]
        ),
    ]

    @Test(arguments: Setting.allCases)
    func `who knows the password gets in, by either name`(_ setting: Setting) async throws {
        try await Stage.play(LoginScenarios.names, setting)
    }

    @Test(arguments: Setting.allCases)
    func `whoever else does not, and no session is made`(_ setting: Setting) async throws {
        try await Stage.play(LoginScenarios.refusals, setting)
    }

    @Test(arguments: Setting.allCases)
    func `a sign-in that is not as it should be is told by field, and is no failed one`(_ setting: Setting) async throws
    {
        try await Stage.play(LoginScenarios.shapes, setting)
    }

    @Test func `nobody can tell a wrong password from a name that nobody has`() async throws {
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            var answers: [String] = []
            for name in [cast[.ann].username, cast[.idle].username, cast[.gone].email, cast.name("nobody")] {
                let answer = try await stage.ask(.login, [:], ["username": "\(name)", "password": "not this one"])
                let id = try #require(answer.fields.single(.xRequestID))
                answers.append(answer.text.split(separator: id).joined(separator: "*"))
            }
            #expect(Set(answers).count == 1, "\(answers)")
        }
    }

    // MARK: - Hashes

    /// What others have kept of `Cast.password`, and whether it is as it is wanted.
    private static let kept: [(name: String, make: @Sendable () throws -> String, isKept: Bool)] = [
        ("bcrypt", { try hash(.bcrypt(BcryptCost(4))) }, false),
        ("yescrypt", { "$y$j75$gatehous$O2cm8SSD0eBNQwolnf9S6ccVBcmagG8zFYKw1HosSlB" }, false),
        ("argon2id with fewer passes", { try hash(.argon2id(passes(1))) }, false),
        ("argon2id as it is wanted", { try hash(.argon2id(passes(2))) }, true),
        ("argon2id with more passes", { try hash(.argon2id(passes(3))) }, true),
    ]

    private static func passes(_ count: Int) throws -> Argon2Parameters {
        try Argon2Parameters(memoryKiB: 8, iterations: count, parallelism: 1)
    }

    private static func hash(_ scheme: PasswordScheme) throws -> String {
        try PasswordHashing(scheme: scheme).hash(try Password(Cast.password)).text
    }

    @Test(arguments: Setting.allCases)
    func `a sign-in upgrades a weaker hash, once, and the password stays`(_ setting: Setting) async throws {
        let scenarios = LoginScenarios.kept.map { kept in
            Scenario(
                kept.name,
                .login,
                sends: LoginScenarios.proof("username") { $0[.ann].username },
                gets: .ok,
                [
                    "adds a session of ann", "audits login by ann",
                    "changes user ann: last_login_at" + (kept.isKept ? "" : ", password_hash"),
                ]
            ).after { stage, cast in
                try await stage.setHash(try kept.make(), of: cast[.ann])
            }.then { _, stage, cast in
                let before = try await stage.snapshot()
                _ = try await stage.signIn(cast[.ann].username)
                let happened = try await stage.snapshot().changes(since: before, cast)
                #expect(happened == LoginScenarios.entered(.ann), "\(kept.name)")
            }
        }
        let wrong = LoginScenarios.kept.map { kept in
            Scenario(
                "\(kept.name), wrong password",
                .login,
                sends: LoginScenarios.proof("username", { $0[.ann].username }, "not this one"),
                fails: .authenticationError,
                ["audits login.failed failed by ann"]
            ).after { stage, cast in
                try await stage.setHash(try kept.make(), of: cast[.ann])
            }
        }
        try await Stage.play(scenarios + wrong, setting, with: ["ARGON2_ITERATIONS": "2"])
    }

    // MARK: - Limits of one account

    static let tooMany = [
        Scenario(
            "one too many",
            .login,
            sends: proof("username") { $0[.ann].username },
            fails: .sessionLimitExceeded,
            ["audits login.failed failed by ann"]
        )
    ]

    @Test(arguments: Setting.allCases)
    func `who may have no more sessions is refused, or loses the oldest`(_ setting: Setting) async throws {
        let refusing = ["SESSION_LIMIT": "2", "SESSION_LIMIT_POLICY": "refuse"]
        try await Stage.play(LoginScenarios.tooMany, setting, with: refusing)
        let evicting = Scenario(
            "one too many",
            .login,
            sends: LoginScenarios.proof("username") { $0[.ann].username },
            gets: .ok,
            LoginScenarios.entered(.ann) + [
                "ends a session of ann: limit", "refuses tokens of a session of ann", "audits session.evict by ann",
            ]
        ).then { _, stage, cast in
            try await stage.mustRefuse(cast[.ann].tokens?.access)
            try await stage.mustLetIn(cast[.ann].otherTokens?.access)
        }
        try await Stage.play([evicting], setting, with: ["SESSION_LIMIT": "2"])
    }
}

extension Stage {
    fileprivate func setHash(_ hash: String, of person: Cast.Person) async throws {
        _ = try await database.query("UPDATE users SET password_hash = \(hash) WHERE id = \(person.id)")
    }
}
