import Contract
import Database
import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

@testable import API

/// Many at once, who want the same.
@Suite struct ParallelScenarios {
    private static let many = 64

    /// All requests are under way before the first is answered.
    private static func atOnce(
        _ stage: Stage,
        _ count: Int,
        _ ask: @escaping @Sendable (Stage, Int) async throws -> TestResponse
    ) async throws -> [TestResponse] {
        let confined = LoopBound(stage, on: stage.client.loop)
        let tasks = (0..<count).map { number in
            stage.client.loop.spawn { () async -> Result<TestResponse, any Error> in
                do { return .success(try await ask(confined.value, number)) } catch { return .failure(error) }
            }
        }
        var answers: [TestResponse] = []
        for task in tasks { answers.append(try await task.value.get()) }
        return answers
    }

    private static func refresh(_ token: String) -> @Sendable (Stage, Int) async throws -> TestResponse {
        { stage, _ in try await stage.ask(.refresh, [:], ["refresh_token": "\(token)"]) }
    }

    @Test(arguments: Setting.allCases)
    func `of 64 refreshes of one token exactly one wins, and the session lives`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            var token = try #require(cast[.ann].tokens?.refresh)
            for _ in 0..<5 {
                let answers = try await ParallelScenarios.atOnce(
                    stage,
                    ParallelScenarios.many,
                    ParallelScenarios.refresh(token)
                )
                let winners = answers.filter { $0.status == .ok }
                #expect(winners.count == 1)
                #expect(answers.allSatisfy { $0.status == .ok || $0.status == .unauthorized })
                for answer in answers { Answers.check(answer, of: .refresh, "\(answer.text)") }
                let winner = try await stage.tokens(try #require(winners.first))
                try await stage.mustLetIn(winner.access)
                token = winner.refresh
            }
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened == ["changes a session of ann: counter, expires_at, last_used_at"])
        }
    }

    @Test(arguments: Setting.allCases)
    func `where answers may be lost all 64 get the same successor`(_ setting: Setting) async throws {
        try await Stage.with(setting, ["REFRESH_REUSE_POLICY": "replay"]) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            let token = try #require(cast[.ann].tokens?.refresh)
            let answers = try await ParallelScenarios.atOnce(
                stage,
                ParallelScenarios.many,
                ParallelScenarios.refresh(token)
            )
            #expect(answers.allSatisfy { $0.status == .ok })
            let successors = try answers.map { try TokensBody(parsing: $0.body).refreshToken }
            #expect(Set(successors).count == 1)
            let counter = try await stage.snapshot()[.sessions].first {
                $0.text("id") == cast[.ann].tokens?.session.description
            }
            #expect(counter?.text("counter") == "1")
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened == ["changes a session of ann: counter, expires_at, last_used_at"])
        }
    }

    @Test(arguments: Setting.allCases)
    func `of the last two administrators one stays, whoever asks at once`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            for round in 0..<4 {
                let cast = try await stage.makeCast()
                try await stage.leaveAlone(cast[.root])
                let made = try await stage.ask(
                    .makeAdministrator,
                    bearer: cast[.root].tokens?.access,
                    target: cast[.bob].id.description
                )
                #expect(made.status == .ok)
                let tokens = [cast[.root].tokens?.access, try await stage.signIn(cast[.bob].username).access]
                let targets = [cast[.bob].id.description, cast[.root].id.description]
                let operation: Contract.Operation = [
                    .removeAdministrator, .deactivateUser, .deleteUser, .removeAdministrator,
                ][round]
                let answers = try await ParallelScenarios.atOnce(stage, 2) { stage, number in
                    try await stage.ask(operation, bearer: tokens[number], target: targets[number])
                }
                let statuses = answers.map(\.status.code).sorted()
                // The slower one is refused by the rule, or because it is an administrator no more.
                #expect(statuses[0] < 300 && [401, 403, 409].contains(statuses[1]), "\(operation.id) \(statuses)")
                let left = try await stage.snapshot()[.users].filter {
                    $0.text("is_admin") == "1" && $0.text("is_active") == "1" && $0.text("deleted_at").isEmpty
                }
                #expect(left.count == 1, "\(operation.id)")
            }
        }
    }

    @Test(arguments: Setting.allCases)
    func `of changes of one password at once one is made, and the others knew a password that was not theirs any more`(
        _ setting: Setting
    ) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let passwords = (0..<4).map { "plum-Granite-47-otter-\($0)" }
            let answers = try await ParallelScenarios.atOnce(stage, passwords.count) { stage, number in
                try await stage.ask(
                    .changePassword,
                    bearer: cast[.ann].tokens?.access,
                    [:],
                    ["current_password": "\(cast[.ann].password)", "new_password": "\(passwords[number])"]
                )
            }
            let winners = answers.indices.filter { answers[$0].status == .noContent }
            #expect(winners.count == 1, "\(answers.map(\.status.code))")
            for (number, password) in passwords.enumerated() {
                let login = try await stage.ask(
                    .login,
                    [:],
                    ["username_or_email": "\(cast[.ann].username)", "password": "\(password)"]
                )
                #expect((login.status == .ok) == winners.contains(number))
            }
        }
    }

    @Test(arguments: Setting.allCases)
    func `of 16 sign-ups with one name one is made`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            let answers = try await ParallelScenarios.atOnce(stage, 16) { stage, number in
                let name = number % 2 == 0 ? cast.name("grace") : cast.name("GRACE")
                return try await stage.ask(
                    .signUp,
                    [:],
                    ["username": "\(name)", "email": "\(cast.email("grace\(number)"))", "password": "\(Cast.password)"]
                )
            }
            #expect(answers.filter { $0.status == .created }.count == 1)
            #expect(answers.filter { $0.status == .conflict }.count == 15)
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened == ["adds user new", "audits user.signup by new"])
        }
    }

    @Test(arguments: Setting.allCases)
    func `a refresh and a sign-out at once leave no token that counts`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            for _ in 0..<5 {
                let cast = try await stage.makeCast()
                let tokens = try #require(cast[.ann].tokens)
                let answers = try await ParallelScenarios.atOnce(stage, 2) { stage, number in
                    number == 0
                        ? try await stage.ask(.refresh, [:], ["refresh_token": "\(tokens.refresh)"])
                        : try await stage.ask(.logout, bearer: tokens.access)
                }
                #expect(answers[1].status == .noContent)
                try await stage.mustRefuse(tokens.access)
                guard answers[0].status == .ok else { continue }
                let next = try TokensBody(parsing: answers[0].body)
                try await stage.mustRefuse(next.accessToken)
                let again = try await stage.ask(.refresh, [:], ["refresh_token": "\(next.refreshToken)"])
                #expect(again.status == .unauthorized)
            }
        }
    }

    @Test func `more passwords than may wait are answered 503, and count as no failed one`() async throws {
        let slow = ["HASHING_QUEUE": "1", "ARGON2_MEMORY_KIB": "32768", "LOGIN_ATTEMPTS": "5"]
        try await Stage.with(.embedded, slow) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            let answers = try await ParallelScenarios.atOnce(stage, 12) { stage, number in
                try await stage.ask(
                    .login,
                    [.xForwardedFor: "192.0.2.\(number)"],
                    ["username": "\(cast.name("nobody\(number)"))", "password": "x"]
                )
            }
            let busy = answers.filter { $0.status == .serviceUnavailable }
            #expect(!busy.isEmpty && answers.allSatisfy { [401, 503].contains($0.status.code) })
            for answer in busy { Answers.check(answer, of: .login, "\(answer.text)") }
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened.count == answers.count - busy.count)
            #expect(Set(happened) == ["audits login.failed failed by nobody"])
        }
    }
}
