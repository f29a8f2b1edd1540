import Contract
import Database
import HTTPEngine
import Networking
import Operations
import TestKit
import Testing

@testable import API
@testable import Contract

/// What somebody sends who means harm, in every field of every operation that takes text.
@Suite struct HostileScenarios {
    /// As they stand in JSON: each is one string, or would be.
    private static let texts: [(title: String, content: Content)] = [
        ("SQL", "'; DROP TABLE users; --"), ("SQL that is always true", "' OR '1'='1"), ("a bind", "$1"),
        ("a template", "{{constructor.constructor('return 1')()}}"), ("another template", "${7*7}<%= 7*7 %>#{7*7}"),
        ("markup", "<script>alert(1)</script>"), ("a line break", "a\r\nSet-Cookie: a=b"),
        ("a path", "../../etc/passwd"),
        ("a format", "%s%n%x"), ("a shell", "$(reboot)`reboot`"), ("NUL", "a\u{0}b"), ("NUL alone", "\u{0}"),
        ("escaped NUL", .raw(#""\u0000""#)), ("direction marks", "\u{202E}nimda\u{202C}"),
        ("no characters to be", "\u{FFFE}\u{FFFF}\u{10FFFF}"), ("combining marks", "\(marks(30))"),
        ("heaps of marks", "\(marks(4_000))"), ("a flag", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("15 kB", "\(String(repeating: "a", count: 15_000))"), ("1 MB", "\(String(repeating: "a", count: 1_000_000))"),
        ("no UTF-8", .raw([0x22, 0xFF, 0xFE, 0x22])), ("half a character", .raw([0x22, 0xE2, 0x82, 0x22])),
        ("a surrogate in UTF-8", .raw([0x22, 0xED, 0xA0, 0x80, 0x22])), ("half a pair", .raw(#""\udc00""#)),
        ("a huge number", .raw("123456789012345678901234567890")), ("minus zero", .raw("-0")),
        ("a number with a tail", .raw("1e400")), ("a list", ["ann"]), ("an object", ["$gt": ""]), ("true", true),
        ("deep lists", .raw(String(repeating: "[", count: 3_000) + String(repeating: "]", count: 3_000))),
        ("nothing", .raw("")),
    ]

    private static func marks(_ count: Int) -> String { "a" + String(repeating: "\u{301}", count: count) }

    /// Carried out although they look odd: passwords may hold any characters, and only those who know them get in.
    private static func isWelcome(_ title: String, _ operation: Contract.Operation, _ field: String) -> Bool {
        let isNewPassword =
            field == "new_password" || field == "password" && operation.id != Contract.Operation.login.id
        let characters = [
            "SQL", "SQL that is always true", "a template", "another template", "markup", "a path", "a shell",
            "direction marks", "a format",
        ]
        return isNewPassword && characters.contains(title)
    }

    /// What no document may hold at all.
    private let unreadable = ["deep lists", "heaps of marks"]

    @Test(arguments: Samples.withContent.map(\.id))
    func `hostile values in every field get a 4xx in the envelope, and change nothing`(_ id: String) async throws {
        let operation = try #require(Operation.all.first { $0.id == id })
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            let good = try #require(Samples.content(for: operation, cast))
            for field in operation.content?.schema.fields ?? [] where field.note != "Let through, counts for nothing." {
                for (title, value) in HostileScenarios.texts {
                    if HostileScenarios.isWelcome(title, operation, field.name)
                        || title == "true" && field.schema.isBoolean
                    {
                        continue
                    }
                    // The other names of a sign-in stand alone.
                    let rest =
                        operation.id == Operation.login.id && field.name != "password" ? good.without("username") : good
                    let answer = try await stage.ask(
                        operation,
                        bearer: Samples.caller(of: operation).flatMap { cast[$0].tokens?.access },
                        target: Samples.target(of: operation, cast),
                        [:],
                        .raw(rest.bytes(with: field.name, value))
                    )
                    let note = Comment(
                        rawValue: "\(title) as \(field.name): \(answer.status.code) \(answer.text.prefix(300))"
                    )
                    #expect((400..<500).contains(answer.status.code) && answer.status != .notFound, note)
                    Answers.check(answer, of: operation, note)
                    if case .raw = value {
                    } else {
                        #expect(answer.status != .badRequest || unreadable.contains(title), note)
                    }
                    #expect(!answer.text.contains("<script>") && !answer.text.contains("SELECT"), note)
                }
            }
            let happened = try await stage.snapshot().changes(since: before, cast)
            // A wrong password is written down, and nothing else is.
            let failures = [
                "audits login.failed failed by nobody", "audits login.failed failed by ann",
                "audits user.password failed by ann",
            ]
            #expect(Set(happened).isSubset(of: failures))
            #expect(!api(stage, logged: "request failed"))
        }
    }

    private func api(_ stage: Stage, logged text: String) -> Bool { stage.api.sink.contains(text) }

    private static let segments = [
        "%00", "%FF", "%zz", "%", "..", "%2e%2e", "%2F", "'", "%27%20OR%201=1--", "0", "-1", "null", "undefined", "*",
        "00000000-0000-0000-0000-000000000000", "01890a5d-ac96-774b-bcce-b302099a805", "{id}", "%7Bid%7D",
        String(repeating: "a", count: 2_000), "%F0%9F%A6%8A", "01890a5d%2Dac96-774b-bcce-b302099a8057", "me;admin=true",
    ]

    @Test(arguments: Setting.allCases)
    func `hostile identifiers in paths lead nowhere`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            for operation in Operation.all where operation.path.contains("{id}") {
                for segment in HostileScenarios.segments {
                    let answer = try await stage.ask(
                        operation,
                        bearer: Samples.caller(of: operation).flatMap { cast[$0].tokens?.access },
                        target: segment,
                        [:],
                        Samples.content(for: operation, cast)
                    )
                    let note = Comment(rawValue: "\(operation.id) \(segment.prefix(50)): \(answer.status.code)")
                    #expect([400, 404, 405].contains(answer.status.code), note)
                    _ = Answers.checkEnvelope(answer, note)
                    Answers.checkHead(answer, note)
                }
            }
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened.isEmpty, "\(happened)")
        }
    }

    private static let values = [
        "%00", "%FF%FE", "%", "%zz", "%C0%AF", "'%20OR%201=1--", "1%3BDROP%20TABLE%20users", "%3Cscript%3E", "1e3",
        "0x10", "-1",
        "99999999999999999999999", "%D9%A1", "1%0A", String(repeating: "9", count: 3_000), "%F4%90%80%80", "true%00",
    ]

    @Test(arguments: Setting.allCases)
    func `hostile parameters find nothing and break nothing`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            for operation in Operation.all where !operation.parameters.isEmpty {
                for parameter in operation.parameters.map(\.name) + ["%00", "%FF", "__proto__"] {
                    for value in HostileScenarios.values {
                        // Text may be anything; what is found by it is another question.
                        let isText = ["search", "action", "actor"].contains(parameter)
                        let answer = try await stage.ask(
                            operation,
                            bearer: cast[.root].tokens?.access,
                            target: cast[.bob].id.description,
                            query: "?\(parameter)=\(value)"
                        )
                        let note = Comment(
                            rawValue: "\(operation.id) \(parameter)=\(value.prefix(30)): \(answer.text.prefix(200))"
                        )
                        let isRefused = [400, 422].contains(answer.status.code)
                        #expect(isRefused || isText && answer.status == .ok, note)
                        Answers.check(answer, of: operation, note)
                        if isText, answer.status == .ok { #expect(answer.text.contains(#""total":0"#), note) }
                    }
                }
            }
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened.isEmpty, "\(happened)")
        }
    }

    private static let heads: [HTTPFields] = [
        [.authorization: "Bearer \(String(repeating: "a", count: 6_000))"],
        [.authorization: "Bearer '; DROP TABLE users"],
        [.authorization: "Bearer a.b.c"], [.authorization: "Bearer ..."], [.authorization: "Bearer \u{FF}"],
        [.authorization: "Bearer eyJhbGciOiJub25lIn0.e30."], [.authorization: "Bearer"], [.authorization: " "],
    ]

    @Test(arguments: Setting.allCases)
    func `hostile tokens are refused by every operation that wants one`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let before = try await stage.snapshot()
            for operation in Operation.all where operation.caller != .anyone {
                for fields in HostileScenarios.heads {
                    let answer = try await stage.ask(
                        operation,
                        target: Samples.target(of: operation, cast),
                        fields,
                        operation.caller == .holder ? nil : Samples.content(for: operation, cast)
                    )
                    let note = Comment(rawValue: "\(operation.id): \(answer.text.prefix(200))")
                    #expect(answer.status == .unauthorized, note)
                    Answers.check(answer, of: operation, note)
                }
            }
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened.isEmpty, "\(happened)")
        }
    }
}

extension Content {
    /// The same object with one more member, whose value may be no JSON.
    fileprivate func bytes(with name: String, _ value: Content) -> [UInt8] {
        let rest = without(name).bytes.dropLast()
        return rest + (rest.count > 1 ? [0x2C] : []) + Array("\"\(name)\":".utf8) + value.bytes + [0x7D]
    }
}

extension Schema {
    fileprivate var isBoolean: Bool { if case .boolean = shape { true } else { false } }
}
