import Contract
import HTTPEngine
import TestKit
import Testing

@testable import API

@Suite struct SignUpScenarios {
    /// What somebody types who signs up; `change` makes a case of it.
    private static func typed(
        _ change: @escaping @Sendable (Content, Cast) -> Content = { content, _ in content }
    ) -> @Sendable (Cast) -> Content {
        { cast in
            change(
                [
                    "username": "\(cast.name("grace"))", "email": "\(cast.email("grace"))",
                    "password": "\(Cast.password)",
                ],
                cast
            )
        }
    }

    private static func typed(_ field: String, _ value: Content) -> @Sendable (Cast) -> Content {
        typed { content, _ in content.with(field, value) }
    }

    private static let made = ["adds user new", "audits user.signup by new"]

    static let open = [
        Scenario("anyone makes an account", .signUp, sends: typed(), gets: .created, made).then { answer, stage, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.username == cast.name("grace") && user.email == cast.email("grace"))
            #expect(!user.isAdmin && user.isActive && !user.isEmailVerified && user.lastLoginAt == nil)
            #expect(!answer.text.contains("argon2") && !answer.text.contains("hash"))
            try await stage.mustLetIn(stage.signIn(user.username).access)
        },
        Scenario("the other path does the same", .signUp, path: 1, sends: typed(), gets: .created, made),
        Scenario(
            "capitals are kept for show",
            .signUp,
            sends: typed { content, cast in content.with("username", "\(cast.name("Grace.Hopper"))") },
            gets: .created,
            made
        ).then { answer, stage, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.username == cast.name("Grace.Hopper"))
            try await stage.mustLetIn(stage.signIn(cast.name("gRACE.hOPPER")).access)
        },
        Scenario(
            "the domain of an address is kept in small letters",
            .signUp,
            sends: typed { content, cast in content.with("email", "Grace-\(cast.number)@EXAMPLE.com") },
            gets: .created,
            made
        ).then { answer, _, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.email == "Grace-\(cast.number)@example.com")
        },
        Scenario(
            "a password may be long and in any script, and is the same however it was composed",
            .signUp,
            sends: typed("password", "\("caf\u{E9} \u{1F98A} " + String(repeating: "lange Nächte ", count: 40))"),
            gets: .created,
            made
        ).then { _, stage, cast in
            let decomposed = "cafe\u{301} \u{1F98A} " + String(repeating: "lange Na\u{308}chte ", count: 40)
            try await stage.mustLetIn(stage.signIn(cast.name("grace"), decomposed).access)
        },
        Scenario(
            "a token that is sent along is of no matter",
            .signUp,
            by: .bearer { _ in "nonsense" },
            sends: typed(),
            gets: .created,
            made
        ),
    ]

    static let shapes = [
        Scenario(
            "every missing field is told at once",
            .signUp,
            sends: { _ in [:] },
            fails: .validationError,
            at: ["email", "password", "username"]
        ),
        Scenario(
            "nobody makes themselves an administrator",
            .signUp,
            sends: typed("is_admin", true),
            fails: .validationError,
            at: ["is_admin"]
        ),
        Scenario(
            "nor verified, nor anybody else",
            .signUp,
            sends: typed { content, _ in content.with("email_verified", true).with("id", "1").with("is_active", true) },
            fails: .validationError,
            at: ["email_verified", "id", "is_active"]
        ),
        Scenario("null is no name", .signUp, sends: typed("username", nil), fails: .validationError, at: ["username"]),
        Scenario(
            "a number is no name",
            .signUp,
            sends: typed("username", 7),
            fails: .validationError,
            at: ["username"]
        ),
        Scenario(
            "a list is no address",
            .signUp,
            sends: typed("email", ["a@example.com"]),
            fails: .validationError,
            at: ["email"]
        ),
        Scenario(
            "an object is no password",
            .signUp,
            sends: typed("password", ["$ne": ""]),
            fails: .validationError,
            at: ["password"]
        ),
        Scenario(
            "problems of all fields are told at once",
            .signUp,
            sends: { _ in ["username": "a b", "email": "nowhere", "password": "short"] },
            fails: .validationError,
            at: ["email", "password", "username"]
        ),
    ]

    private static func refused(_ field: String, _ values: [Content]) -> [Scenario] {
        values.map { value in
            Scenario(
                "no \(field): \(String(decoding: value.bytes.prefix(60), as: UTF8.self))",
                .signUp,
                sends: typed(field, value),
                fails: .validationError,
                at: [field]
            )
        }
    }

    static let names = refused(
        "username",
        [
            "", "ab", "\(String(repeating: "a", count: 33))", "grace@example.com", "grace hopper", "-grace", "grace.",
            "grace..hopper", "gr\u{430}ce", "gra\u{200B}ce", "grace\u{202E}", "gräce", "ｇｒａｃｅ", "grace\n",
            "grace/../root",
            "admin", "Root", "no.reply", "g\u{0}race", "' OR 1=1 --", "{{username}}",
        ]
    )

    static let addresses = refused(
        "email",
        [
            "", "grace", "@example.com", "grace@", "grace@example", "grace@@example.com", "gr ace@example.com",
            ".grace@example.com", "gra..ce@example.com", "grace@-example.com", "grace@example..com",
            "grace@[192.0.2.1]", "grace@münchen.de", "grace@example.com\r\nBcc: all@example.com",
            "\(String(repeating: "a", count: 65))@example.com",
            "grace@\(String(repeating: "a", count: 64)).com", "\(String(repeating: "a.b", count: 90))@example.com",
        ]
    )

    static let passwords =
        refused(
            "password",
            [
                "", "short", "password1", "aaaaaaaaaaaa", "1234567890", "qwertyuiop", "line\nbreak in it",
                "\(String(repeating: "long enough ", count: 400))", "nul\u{0} in the middle",
            ]
        ) + [
            Scenario(
                "a password like the username",
                .signUp,
                sends: typed { content, cast in content.with("password", "\(cast.name("grace"))-7") },
                fails: .validationError,
                at: ["password"]
            ),
            Scenario(
                "a password like the address",
                .signUp,
                sends: typed { content, cast in content.with("password", "\(cast.email("grace"))") },
                fails: .validationError,
                at: ["password"]
            ),
        ]

    static let conflicts = [
        Scenario(
            "a name that somebody has, whatever its capitals",
            .signUp,
            sends: typed { content, cast in content.with("username", "\(cast[.ann].username.uppercased())") },
            fails: .conflict,
            at: ["username"]
        ),
        Scenario(
            "a name of somebody who is not active",
            .signUp,
            sends: typed { content, cast in content.with("username", "\(cast[.idle].username)") },
            fails: .conflict,
            at: ["username"]
        ),
        Scenario(
            "an address that somebody has, whatever its capitals",
            .signUp,
            sends: typed { content, cast in content.with("email", "\(cast[.ann].email.uppercased())") },
            fails: .conflict,
            at: ["email"]
        ),
        Scenario(
            "a name that somebody has, and an address of somebody else",
            .signUp,
            sends: typed { content, cast in
                content.with("username", "\(cast[.ann].username)").with("email", "\(cast[.bob].email)")
            },
            fails: .conflict,
            at: ["email", "username"]
        ),
        Scenario(
            "the name of somebody who was deleted is free again",
            .signUp,
            sends: typed { content, cast in
                content.with("username", "\(cast[.gone].username)").with("email", "\(cast[.gone].email)")
            },
            gets: .created,
            made
        ).then { _, stage, cast in
            // A token of who was deleted is none of who has the name now.
            try await stage.mustRefuse(cast[.gone].tokens?.access)
        },
    ]

    static let closed = [
        Scenario("a stranger", .signUp, sends: typed(), fails: .authorizationError),
        Scenario("by the other path", .signUp, path: 1, sends: typed(), fails: .authorizationError),
        Scenario(
            "an administrator, who has another way",
            .signUp,
            by: .user(.root),
            sends: typed(),
            fails: .authorizationError
        ),
        Scenario(
            "who asks for the name of somebody is told no more",
            .signUp,
            sends: typed { content, cast in content.with("username", "\(cast[.ann].username)") },
            fails: .authorizationError
        ),
    ]

    @Test(arguments: Setting.allCases)
    func `anyone may sign up, and names are nobody else's`(_ setting: Setting) async throws {
        try await Stage.play(SignUpScenarios.open + SignUpScenarios.conflicts, setting)
    }

    @Test(arguments: Setting.allCases)
    func `what is not as it should be is told by field, and makes nobody`(_ setting: Setting) async throws {
        try await Stage.play(
            SignUpScenarios.shapes + SignUpScenarios.names + SignUpScenarios.addresses + SignUpScenarios.passwords,
            setting
        )
    }

    @Test(arguments: ["closed", "invite"], Setting.allCases)
    func `where signing up is not open nobody is made`(_ mode: String, _ setting: Setting) async throws {
        try await Stage.play(SignUpScenarios.closed, setting, with: ["SIGNUP": mode])
    }

    @Test(arguments: Setting.allCases)
    func `passwords follow the rules of whoever runs the service`(_ setting: Setting) async throws {
        let scenarios =
            ["only small letters 7-", "ONLY CAPITALS 7-", "No Digit At All-", "NoSignAtAll77ok", "Short 7-"].map {
                text in
                Scenario(
                    "refused: \(text)",
                    .signUp,
                    sends: SignUpScenarios.typed("password", "\(text)"),
                    fails: .validationError,
                    at: ["password"]
                )
            } + [
                Scenario(
                    "all classes",
                    .signUp,
                    sends: SignUpScenarios.typed("password", "Seven Quiet Lamps, 77"),
                    gets: .created,
                    SignUpScenarios.made
                )
            ]
        let rules = [
            "PASSWORD_MIN_LENGTH": "12", "PASSWORD_REQUIRE_UPPERCASE": "true", "PASSWORD_REQUIRE_LOWERCASE": "true",
            "PASSWORD_REQUIRE_DIGIT": "true", "PASSWORD_REQUIRE_SYMBOL": "true",
        ]
        try await Stage.play(scenarios, setting, with: rules)
    }
}
