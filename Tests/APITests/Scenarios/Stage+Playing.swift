import Contract
import HTTPEngine
import JSON
import Operations
import TestKit
import Testing

@testable import API
@testable import Contract

extension Stage {
    /// Sends the request of a scenario, and compares the answer and all that happened with what it says.
    @discardableResult
    func play(_ scenario: Scenario) async throws -> TestResponse {
        let (cast, before) = try await open(scenario)
        let lines = api.sink.lines.count
        let answer = try await send(scenario.request, scenario.operation, cast)
        let note = Comment(rawValue: "\(scenario.title): \(answer.status.code) \(answer.text.prefix(400))")
        #expect(answer.status.code == scenario.status, note)
        if let code = scenario.code {
            let envelope = try #require(try? ErrorEnvelope(parsing: answer.body), note)
            #expect(envelope.code == code, note)
            #expect(envelope.fields.entries.map(\.name).sorted() == scenario.fields, note)
        }
        let after = try await snapshot()
        let happened = after.changes(since: before, cast)
        #expect(happened == scenario.effects.sorted(), note)
        Answers.check(answer, of: scenario.operation, note)
        for secret in cast.secrets {
            #expect(
                !api.sink.lines[lines...].contains { $0.contains(secret) },
                "the log tells a secret: \(scenario.title)"
            )
        }
        if let check = scenario.check { try await check(answer, self, cast) }
        unchanged = happened.isEmpty && scenario.check == nil && scenario.prepare == nil ? (cast, after) : nil
        return answer
    }

    /// New people, unless the last scenario has left those it had as they were.
    private func open(_ scenario: Scenario) async throws -> (Cast, Snapshot) {
        if let unchanged, scenario.prepare == nil { return unchanged }
        let cast = try await makeCast()
        if let prepare = scenario.prepare { try await prepare(self, cast) }
        return (cast, try await snapshot())
    }

    private func send(
        _ request: Scenario.Request,
        _ operation: Contract.Operation,
        _ cast: Cast
    ) async throws -> TestResponse {
        let token: String? =
            switch request.caller {
            case .nobody: nil
            case .user(let role): cast[role].tokens?.access
            case .bearer(let token): token(cast)
            }
        return try await ask(
            operation,
            bearer: token,
            path: request.path,
            target: request.target(cast),
            query: request.query(cast),
            request.fields(cast),
            request.content?(cast)
        )
    }
}
