import Contract
import Database
import HTTPEngine
import Linux
import TestKit
import Testing

@testable import API

/// How often one may ask, and how often one may fail.
@Suite struct LimitScenarios {
    private static let limits = [
        "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_PER_MINUTE": "2", "RATE_LIMIT_USER_FACTOR": "2",
        "RATE_LIMIT_LOGIN": "6/minute", "RATE_LIMIT_SIGNUP": "3/minute", "RATE_LIMIT_REFRESH": "5/minute",
    ]

    /// How many requests that change nothing are let through within a minute.
    private static func admitted(_ operation: Operation) -> Int {
        switch operation.id {
        case Operation.login.id: 6
        case Operation.signUp.id: 3
        case Operation.refresh.id: 5
        // The first ends the token; the others have none that counts, and are of the address.
        case Operation.logoutAll.id: 3
        default: Samples.caller(of: operation) == nil ? 2 : 4
        }
    }

    private static func from(_ number: Int) -> HTTPFields { [.xForwardedFor: "198.51.100.\(number)"] }

    @Test(arguments: Setting.allCases)
    func `one request too many of any operation is answered 429, and does nothing`(_ setting: Setting) async throws {
        try await Stage.with(setting, LimitScenarios.limits) { stage in
            for (number, operation) in Operation.all.enumerated() where operation.isLimited {
                let cast = try await stage.makeCast(LimitScenarios.from(number))
                let before = try await stage.snapshot()
                let ask = {
                    try await stage.ask(
                        operation,
                        bearer: Samples.caller(of: operation).flatMap { cast[$0].tokens?.access },
                        target: "nobody",
                        LimitScenarios.from(100 + number),
                        operation.content == nil ? nil : ["refresh_token": "x"]
                    )
                }
                for place in 0..<LimitScenarios.admitted(operation) {
                    let answer = try await ask()
                    #expect(answer.status != .tooManyRequests, "\(operation.id) \(place)")
                    #expect(answer.fields.count(of: .rateLimit) == 1, "\(operation.id)")
                    #expect(answer.fields.count(of: .rateLimitPolicy) == 1, "\(operation.id)")
                }
                let effects = try await stage.snapshot().changes(since: before, cast)
                let refusal = try await ask()
                #expect(refusal.status == .tooManyRequests, "\(operation.id)")
                #expect(refusal.fields.single(.rateLimit)?.contains("r=0;t=") == true)
                Answers.check(refusal, of: operation, "\(operation.id): \(refusal.text)")
                let happened = try await stage.snapshot().changes(since: before, cast)
                #expect(happened == effects, "\(operation.id)")
                if LimitScenarios.admitted(operation) == 4 {
                    let anonymous = try await stage.ask(.keys, LimitScenarios.from(100 + number))
                    #expect(anonymous.fields[.rateLimit] == #""minute";r=1"#, "nothing was charged to the address")
                }
                // When Retry-After has passed the next one is welcome.
                let seconds = try #require(refusal.fields.single(.retryAfter).flatMap { Int64($0) })
                stage.api.clock.advance(by: .seconds(seconds))
                let next = try await ask()
                #expect(next.status != .tooManyRequests, "\(operation.id)")
            }
            for operation in [Operation.health, .readiness] {
                for _ in 0..<20 {
                    let answer = try await stage.ask(operation, LimitScenarios.from(99))
                    #expect(answer.status == .ok && !answer.fields.contains(.rateLimit))
                }
            }
            // For each picture of a page of somebody else's.
            let tokens = try #require(try await stage.makeCast(LimitScenarios.from(98))[.ann].tokens)
            for _ in 0..<20 {
                for (bearer, status) in [(tokens.access, HTTPStatus.noContent), (tokens.refresh, .unauthorized)] {
                    let answer = try await stage.ask(.verify, bearer: bearer, LimitScenarios.from(99))
                    #expect(answer.status == status && !answer.fields.contains(.rateLimit))
                }
            }
            // And the limit of whoever it was is as it was.
            let hello = try await stage.ask(.hello, bearer: tokens.access, LimitScenarios.from(99))
            #expect(hello.fields[.rateLimit] == #""minute";r=3"#)
        }
    }

    /// What is no access token is not checked as one, so that nobody would have counted these before they were carried out.
    @Test(arguments: Setting.allCases)
    func `whoever signs out with a refresh token alone is counted before that is done`(_ setting: Setting) async throws
    {
        let schemes: [HTTPFields] = [
            [:], [.authorization: "Basic YTpi"], [.authorization: "Bearer"], [.authorization: ""],
            [.authorization: "Bearer a b"], [.authorization: "Bearer a", HTTPFieldName("authorization"): "Bearer b"],
        ]
        try await Stage.with(setting, LimitScenarios.limits) { stage in
            for (number, scheme) in schemes.enumerated() {
                let cast = try await stage.makeCast(LimitScenarios.from(number))
                var fields = LimitScenarios.from(100 + number)
                fields.append(contentsOf: scheme)
                let ask = { (tokens: Cast.Tokens?) in
                    try await stage.ask(.logout, fields, ["refresh_token": "\(tokens?.refresh ?? "")"])
                }
                for _ in 0..<2 {
                    let answer = try await ask(cast[.bob].tokens)
                    #expect(answer.status == .noContent, "\(scheme.pairs)")
                }
                let before = try await stage.snapshot()
                let refusal = try await ask(cast[.ann].tokens)
                #expect(refusal.status == .tooManyRequests, "\(scheme.pairs)")
                #expect(try await stage.snapshot().changes(since: before, cast).isEmpty, "\(scheme.pairs)")
            }
        }
    }

    private static let backoff = ["LOGIN_ATTEMPTS": "3", "LOGIN_BACKOFF_FIRST": "4s"]

    private static func login(
        _ stage: Stage,
        _ name: String,
        _ password: String = "not this one",
        from number: Int,
        device: String? = nil
    ) async throws -> TestResponse {
        var fields = from(number)
        if let device { fields.append(.xDeviceToken, device) }
        return try await stage.ask(.login, fields, ["username_or_email": "\(name)", "password": "\(password)"])
    }

    @Test(arguments: Setting.allCases)
    func `who fails too often has to wait, by either name, and a known device has not`(_ setting: Setting) async throws
    {
        try await Stage.with(setting, LimitScenarios.backoff) { stage in
            let cast = try await stage.makeCast()
            let known = try await LimitScenarios.login(stage, cast[.ann].username, Cast.password, from: 1)
            let device = try #require(known.fields.single(.xDeviceToken))
            for (number, name) in [cast[.ann].username, cast[.ann].email, cast[.ann].username.uppercased()].enumerated()
            {
                let answer = try await LimitScenarios.login(stage, name, from: 10 + number)
                #expect(answer.status == .unauthorized)
            }
            let before = try await stage.snapshot()
            // From yet another address, by either name, and even with the right password.
            for (name, password) in [(cast[.ann].email, "x"), (cast[.ann].username, Cast.password)] {
                let answer = try await LimitScenarios.login(stage, name, password, from: 20)
                #expect(answer.status == .tooManyRequests && answer.fields.single(.retryAfter) == "4")
                Answers.check(answer, of: .login, "\(answer.text)")
            }
            let forged = try await LimitScenarios.login(
                stage,
                cast[.ann].email,
                Cast.password,
                from: 21,
                device: device + "A"
            )
            #expect(forged.status == .tooManyRequests)
            // A device of somebody else is none of hers.
            let other = try await LimitScenarios.login(stage, cast[.bob].email, Cast.password, from: 22)
            let stranger = try #require(other.fields.single(.xDeviceToken))
            let borrowed = try await LimitScenarios.login(
                stage,
                cast[.ann].email,
                Cast.password,
                from: 23,
                device: stranger
            )
            #expect(borrowed.status == .tooManyRequests)
            let owner = try await LimitScenarios.login(stage, cast[.ann].email, Cast.password, from: 24, device: device)
            #expect(owner.status == .ok)
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(
                happened == [
                    "adds a session of ann", "adds a session of bob", "audits login by ann", "audits login by bob",
                    "audits login.refused failed by ann", "changes user ann: last_login_at",
                    "changes user bob: last_login_at",
                ],
                "of those who had to wait the first is written down"
            )
            stage.api.clock.advance(by: .seconds(4))
            let patient = try await LimitScenarios.login(stage, cast[.ann].username, Cast.password, from: 20)
            #expect(patient.status == .ok)
        }
    }

    @Test(arguments: Setting.allCases)
    func `names that nobody has make wait as well, each longer than the last`(_ setting: Setting) async throws {
        try await Stage.with(setting, LimitScenarios.backoff) { stage in
            let cast = try await stage.makeCast()
            let name = cast.name("nobody")
            for number in 0..<3 {
                let answer = try await LimitScenarios.login(stage, name, from: number)
                #expect(answer.status == .unauthorized)
            }
            for seconds: Int64 in [4, 8, 16] {
                for number in 0..<5 {
                    let waiting = try await LimitScenarios.login(stage, name.uppercased(), from: 9 + number)
                    #expect(waiting.status == .tooManyRequests && waiting.fields.single(.retryAfter) == "\(seconds)")
                }
                stage.api.clock.advance(by: .seconds(seconds))
                let next = try await LimitScenarios.login(stage, name, from: 9)
                #expect(next.status == .unauthorized)
            }
            // However many ask, they can not fill the audit: there is one entry for each wait.
            let entries = try await stage.snapshot()[.audit].filter { $0.text("actor_id").isEmpty }
            #expect(entries.count { $0.text("action") == "login.failed" } == 6)
            #expect(entries.count { $0.text("action") == "login.refused" } == 3)
        }
    }

    @Test func `who guesses from one address has to wait, whatever the names`() async throws {
        try await Stage.with(.embedded, LimitScenarios.backoff) { stage in
            let cast = try await stage.makeCast()
            for number in 0..<30 {
                let answer = try await LimitScenarios.login(stage, cast.name("nobody\(number)"), from: 1)
                #expect(answer.status == .unauthorized)
            }
            let next = try await LimitScenarios.login(stage, cast[.bob].username, Cast.password, from: 1)
            #expect(next.status == .tooManyRequests)
            let elsewhere = try await LimitScenarios.login(stage, cast[.bob].username, Cast.password, from: 2)
            #expect(elsewhere.status == .ok)
        }
    }

    @Test func `guessing the present password with somebody's token makes wait as well`() async throws {
        try await Stage.with(.embedded, LimitScenarios.backoff) { stage in
            let cast = try await stage.makeCast()
            let change = { (current: String) in
                try await stage.ask(
                    .changePassword,
                    bearer: cast[.ann].tokens?.access,
                    LimitScenarios.from(5),
                    ["current_password": "\(current)", "new_password": "eleven loud bells at dawn"]
                )
            }
            for _ in 0..<3 {
                let answer = try await change("not this one")
                #expect(answer.status == .unprocessableContent)
            }
            let before = try await stage.snapshot()
            for _ in 0..<3 {
                let answer = try await change(Cast.password)
                #expect(answer.status == .tooManyRequests)
                Answers.check(answer, of: .changePassword, "\(answer.text)")
            }
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened == ["audits user.password failed by ann"])
        }
    }
}
