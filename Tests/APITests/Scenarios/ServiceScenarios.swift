import Contract
import Database
import HTTPEngine
import JSON
import TestKit
import Testing

@testable import API

/// What the service tells of itself.
@Suite struct ServiceScenarios {
    static let answers = [
        Scenario("that it is there", .health, gets: .ok),
        Scenario("that its stores are", .readiness, gets: .ok),
        Scenario("with a bad token all the same", .readiness, by: .bearer { _ in "nonsense" }, gets: .ok),
        Scenario("no key, where one secret signs", .keys, gets: .ok).then { answer, _, _ in
            #expect(answer.text == #"{"keys":[]}"#)
            #expect(answer.fields.single(.cacheControl) == "public, max-age=300")
        },
        Scenario("its contract", .openAPI, gets: .ok).then { answer, _, _ in
            let document = try JSONObject(parsing: answer.body)
            let paths = try #require(document["paths"]?.object)
            #expect(Set(paths.members.map(\.name)) == Set(Operation.all.flatMap(\.paths)))
        },
        Scenario("its contract for people", .documentation, gets: .ok).then { answer, _, _ in
            for operation in Operation.all { #expect(answer.text.contains(operation.path)) }
            #expect(!answer.text.contains("<script"))
        },
    ]

    static let disabled = [
        Scenario("no document for programs", .openAPI, fails: .notFound),
        Scenario("no document for people", .documentation, fails: .notFound),
        Scenario("not even for an administrator", .documentation, by: .user(.root), fails: .notFound),
    ]

    @Test(arguments: Setting.allCases)
    func `the service tells what others need to know`(_ setting: Setting) async throws {
        try await Stage.play(ServiceScenarios.answers, setting)
    }

    @Test(arguments: Setting.allCases)
    func `documents that are switched off are not there`(_ setting: Setting) async throws {
        try await Stage.play(ServiceScenarios.disabled, setting, with: ["DOCS_ENABLED": "false"])
    }

    @Test(arguments: ["RS256", "ES256", "EdDSA"])
    func `whoever signs with a key of their own shows the other half of it`(_ algorithm: String) async throws {
        try await Stage.with(.embedded, ["JWT_ALGORITHM": algorithm]) { stage in
            let answer = try await stage.ask(.keys)
            let keys = try #require(try JSONObject(parsing: answer.body)["keys"]?.array)
            let names = keys.flatMap { $0.object?.members.map(\.name) ?? [] }
            #expect(!keys.isEmpty && Set(names).isDisjoint(with: ["d", "p", "q", "dp", "dq", "qi", "k", "oth"]))
            #expect(keys.allSatisfy { $0.object?["alg"]?.string == algorithm && $0.object?["use"]?.string == "sig" })
            let cast = try await stage.makeCast()
            try await stage.mustLetIn(cast[.ann].tokens?.access)
        }
    }

    /// Without their database most operations can do nothing, and say so.
    @Test func `while the database is away everything that needs it answers 503, and nothing else breaks`() async throws
    {
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            await stage.database.close()
            for operation in Operation.all where ![.health, .keys, .openAPI, .documentation].contains(operation.id) {
                let caller =
                    operation.caller == .anyone || operation.caller == .holder ? nil : cast[.root].tokens?.access
                let answer = try await stage.ask(
                    operation,
                    bearer: caller,
                    target: cast[.bob].id.description,
                    [:],
                    Samples.content(for: operation, cast)
                )
                let note = Comment(rawValue: "\(operation.id): \(answer.text)")
                // A token alone is enough for these, as long as the copy of the revocations is whole.
                if [.hello, .verify].contains(operation.id), answer.status.code < 300 { continue }
                #expect(answer.status == .serviceUnavailable && answer.fields.contains(.retryAfter), note)
                Answers.check(answer, of: operation, note)
            }
        }
    }
}

extension Array<Operation> {
    fileprivate func contains(_ id: String) -> Bool { contains { $0.id == id } }
}
