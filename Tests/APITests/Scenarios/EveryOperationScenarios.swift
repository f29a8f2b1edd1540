import Contract
import Database
import HTTPEngine
import JSON
import TestKit
import Testing

@testable import API

/// What is true of every operation, whatever it does.
@Suite struct EveryOperationScenarios {
    private static func scenario(
        _ title: String,
        _ operation: Operation,
        path: Int = 0,
        sends content: @escaping @Sendable (Cast) -> Content,
        fails status: HTTPStatus,
        at fields: [String] = []
    ) -> Scenario {
        Scenario(
            "\(operation.id): \(title)",
            operation,
            by: Samples.caller(of: operation).map { .user($0) } ?? .nobody,
            path: path,
            sends: content,
            fails: .validationError,
            status: status,
            at: fields
        ).target { Samples.target(of: operation, $0) }
    }

    private static func sample(_ operation: Operation) -> @Sendable (Cast) -> Content {
        { Samples.content(for: operation, $0) ?? [:] }
    }

    /// Something else than a JSON object, each for every operation that takes one.
    private static let malformed: [(title: String, content: Content)] = [
        ("a list", []), ("a string", "x"), ("null", nil), ("a number", 7), ("white space", .raw(" \n\t")),
        ("half an object", .raw(#"{"username":"#)), ("two objects", .raw("{}{}")), ("a comment", .raw("{/**/}")),
        ("a comma too many", .raw(#"{"a":1,}"#)), ("quotes of another kind", .raw("{'a':1}")),
        ("a form", .raw("username=ann&password=x")), ("XML", .raw("<a/>")), ("a byte order mark", .raw("\u{FEFF}{}")),
        ("UTF-16", .raw([0xFE, 0xFF, 0, 0x7B, 0, 0x7D])),
        ("no UTF-8", .raw([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])),
        ("an overlong slash", .raw([0x7B, 0x22, 0xC0, 0xAF, 0x22, 0x3A, 0x31, 0x7D])),
        ("half a surrogate pair", .raw(#"{"\ud800":1}"#)), ("NUL", .raw([0])),
        ("zeroes", .raw([UInt8](repeating: 0, count: 100))),
        ("a name twice", .raw(#"{"password":"a","password":"b"}"#)),
        ("a name twice, once in another spelling", .raw(#"{"password":"a","p\u0061ssword":"b"}"#)),
        ("a number beyond all", .raw(#"{"a":1e999}"#)), ("not a number", .raw(#"{"a":NaN}"#)),
        ("deep lists", .raw(#"{"a":"# + String(repeating: "[", count: 5_000))),
        ("deep objects", .raw(String(repeating: #"{"a":"#, count: 2_000))),
        ("many values", .raw(#"{"a":["# + String(repeating: "1,", count: 4_000) + "1]}")),
    ]

    static let malformedContent = Samples.withContent.flatMap { operation in
        malformed.map {
            scenario($0.title, operation, sends: { [content = $0.content] _ in content }, fails: .badRequest)
        }
    }

    static let unknownFields = Samples.withContent.flatMap { operation in
        [
            scenario(
                "a field that nobody asked for",
                operation,
                sends: { sample(operation)($0).with("debug", true) },
                fails: .unprocessableContent,
                at: ["debug"]
            ),
            scenario(
                "a slip in a name",
                operation,
                sends: { sample(operation)($0).with("Username", "x") },
                fails: .unprocessableContent,
                at: ["Username"]
            ),
            scenario(
                "a name made for objects",
                operation,
                sends: { sample(operation)($0).with("__proto__", ["is_admin": true]) },
                fails: .unprocessableContent,
                at: ["__proto__"]
            ),
        ]
    }

    static let tooLarge = Samples.withContent.flatMap { operation in
        [17_000, 1_100_000].map { count in
            scenario(
                "\(count) bytes",
                operation,
                sends: { sample(operation)($0).with("more", "\(String(repeating: "a", count: count))") },
                fails: .contentTooLarge
            )
        }
    }

    private static let otherTypes = [
        nil, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/xml",
        "application/json-patch+json", "application/jsonx", "*/*", "application/json, text/plain",
    ]

    static let otherContentTypes = Samples.withContent.flatMap { operation in
        otherTypes.map { type in
            scenario("as \(type ?? "nothing")", operation, sends: sample(operation), fails: .unsupportedMediaType)
                .fields { _ in [.contentType: type ?? ""] }
        }
    }

    /// An access token that has run out, for every operation that takes one.
    static let expired = Operation.all.filter { $0.caller != .anyone && $0.id != Operation.refresh.id }.flatMap {
        operation in
        let content = operation.caller == .holder || operation.content == nil ? nil : sample(operation)
        return [
            Scenario(
                "\(operation.id): a token that has run out",
                operation,
                by: .user(Samples.caller(of: operation) ?? .ann),
                sends: content,
                fails: .tokenExpired
            ).target { Samples.target(of: operation, $0) }.after { stage, _ in
                stage.api.clock.advance(by: .seconds(901))
            },
            Scenario(
                "\(operation.id): a token of nobody",
                operation,
                by: .bearer { _ in "nonsense" },
                sends: content,
                fails: .invalidToken
            ).target { Samples.target(of: operation, $0) },
        ]
    }

    static let malformedPaths = Operation.all.filter { $0.path.contains("{id}") }.map { operation in
        Scenario(
            "\(operation.id): a path that is not UTF-8",
            operation,
            by: .user(.root),
            sends: operation.content == nil ? nil : sample(operation),
            fails: .validationError,
            status: .badRequest
        ).target { _ in "%FF" }
    }

    @Test(arguments: Setting.allCases)
    func `with a token that has run out, or a path that is none, nothing is done`(_ setting: Setting) async throws {
        try await Stage.play(EveryOperationScenarios.expired + EveryOperationScenarios.malformedPaths, setting)
    }

    @Test(arguments: Setting.allCases)
    func `content that is no JSON object, too long or of another type changes nothing`(
        _ setting: Setting
    ) async throws {
        try await Stage.play(
            EveryOperationScenarios.malformedContent + EveryOperationScenarios.unknownFields
                + EveryOperationScenarios.tooLarge + EveryOperationScenarios.otherContentTypes,
            setting
        )
    }

    private static let methods: [HTTPMethod] = [
        .get, .head, .post, .put, .patch, .delete, .other("TRACE"), .other("X"),
    ]

    @Test(arguments: Setting.allCases)
    func `every other method is refused with those that there are`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            for path in Set(Operation.all.flatMap(\.paths)) {
                let known = Set(Operation.all.filter { $0.paths.contains(path) }.map(\.method))
                let target = path.split(separator: "/").map { $0 == "{id}" ? "/\(cast[.bob].id)" : "/\($0)" }.joined()
                for method in EveryOperationScenarios.methods {
                    if known.contains(method) || method == .head && known.contains(.get) { continue }
                    let fields: HTTPFields = [.authorization: "Bearer \(cast[.root].tokens?.access ?? "")"]
                    let answer = try await stage.client.send(method, target, fields)
                    let note = Comment(rawValue: "\(method) \(path)")
                    #expect(answer.status == .methodNotAllowed, note)
                    let allowed = answer.fields.list(.allow)
                    #expect(Set(known.map(\.name)).isSubset(of: allowed) && !allowed.contains(method.name), note)
                    Answers.checkHead(answer, note)
                    if method != .head { _ = Answers.checkEnvelope(answer, note) }
                }
                let options = try await stage.client.send(.options, target)
                #expect(options.status == .noContent || options.status == .ok, "\(path)")
            }
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened.isEmpty)
        }
    }

    @Test(arguments: Setting.allCases)
    func `every operation does its work on every path, and its answer is as promised`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            for operation in Operation.all {
                for path in operation.paths.indices {
                    let cast = try await stage.makeCast()
                    let answer = try await stage.ask(
                        operation,
                        bearer: Samples.caller(of: operation).flatMap { cast[$0].tokens?.access },
                        path: path,
                        target: Samples.target(of: operation, cast),
                        [:],
                        Samples.content(for: operation, cast)
                    )
                    let note = Comment(
                        rawValue: "\(operation.id) \(path): \(answer.status.code) \(answer.text.prefix(300))"
                    )
                    #expect(answer.status.code < 300, note)
                    Answers.check(answer, of: operation, note)
                }
            }
        }
    }

    @Test func `an address that nobody serves tells nothing of those that somebody does`() async throws {
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            for target in [
                "/", "/api", "/api/v1", "/api/v1/", "/api/v2/hello", "/api/v1/hello/", "/api/v1/Hello",
                "/api/v1//hello",
                "/api/v1/users/", "/api/v1/users/x/y", "/api/v1/auth/%2e%2e/hello", "/metrics", "/.env", "/health/",
            ] {
                for token in [nil, cast[.root].tokens?.access] {
                    let fields: HTTPFields = token.map { [.authorization: "Bearer \($0)"] } ?? [:]
                    let answer = try await stage.client.get(target, fields)
                    let envelope = Answers.checkEnvelope(answer, "\(target)")
                    #expect(answer.status == .notFound && envelope?.code == .notFound, "\(target)")
                    Answers.checkHead(answer, "\(target)")
                }
            }
        }
    }
}
