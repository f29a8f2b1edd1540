import Contract
import Database
import HTTPEngine
import JSON
import Linux
import TestKit
import Testing

@testable import API

/// How near to a real installation an API is.
enum Setting: CaseIterable, Sendable {
    /// Asked in process, with SQLite and the memory of the process.
    case embedded
    /// Asked over sockets, with Postgres and Redis.
    case deployed

    var depth: TestDepth { self == .embedded ? .inProcess : .socket }
    var stores: TestStores { self == .embedded ? .embedded : .servers }
}

/// Where scenarios are played: an API with its database, and a client of it.
final class Stage {
    let client: TestClient
    let api: TestAPI
    /// What a scenario left that changed nothing.
    var unchanged: (cast: Cast, snapshot: Snapshot)?
    private var count = 0

    /// Limits are for tests of limits.
    private static let variables = ["RATE_LIMIT_ENABLED": "false", "LOGIN_ATTEMPTS": "0", "LOG_LEVEL": "debug"]

    private init(_ client: TestClient, _ api: TestAPI) {
        self.client = client
        self.api = api
    }

    static func with(
        _ setting: Setting,
        _ variables: [String: String] = [:],
        _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        try await withAPI(setting.depth, setting.stores, Stage.variables.merging(variables) { $1 }) { client, api in
            try await body(Stage(client, api))
        }
    }

    /// Plays scenarios one after the other, each with people of its own.
    static func play(
        _ scenarios: [Scenario],
        _ setting: Setting,
        with variables: [String: String] = [:]
    ) async throws {
        try await with(setting, variables) { stage in
            for scenario in scenarios { try await stage.play(scenario) }
        }
    }

    var database: any Database { api.state.stores(on: client.loop).database }
    var parts: APIParts { api.parts(on: client.loop) }

    func snapshot() async throws -> Snapshot { try await Snapshot(of: database) }
}

// MARK: - Requests

extension Stage {
    func ask(
        _ operation: Contract.Operation,
        bearer token: String? = nil,
        path: Int = 0,
        target: String = "",
        query: String = "",
        _ fields: HTTPFields = [:],
        _ content: Content? = nil
    ) async throws -> TestResponse {
        let path = operation.paths[path].split(separator: "/").map { $0 == "{id}" ? target : String($0) }
        var fields = fields
        if let token { fields.append(.authorization, "Bearer \(token)") }
        if content != nil, !fields.contains(.contentType) { fields.append(.contentType, "application/json") }
        return try await client.send(
            operation.method,
            path.map { "/" + $0 }.joined() + query,
            fields,
            body: content.map { .bytes($0.bytes) } ?? .empty
        )
    }

    func signIn(_ name: String, _ password: String = Cast.password, _ fields: HTTPFields = [:]) async throws
        -> Cast.Tokens
    {
        let answer = try await ask(.login, fields, ["username_or_email": "\(name)", "password": "\(password)"])
        return try await tokens(answer)
    }

    /// What a sign-in or a refresh has answered.
    func tokens(_ answer: TestResponse) async throws -> Cast.Tokens {
        try #require(answer.status == .ok, "\(answer.text)")
        let body = try TokensBody(parsing: answer.body)
        let token = try await parts.tokens.access.verify(body.accessToken, at: api.clock.now)
        return Cast.Tokens(access: body.accessToken, refresh: body.refreshToken, session: token.identity.session)
    }

    /// The access token lets somebody in.
    func mustLetIn(_ token: String?, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await ask(.hello, bearer: token)
        #expect(answer.status == .ok, "\(answer.text)", sourceLocation: sourceLocation)
    }

    func mustRefuse(_ token: String?, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await ask(.hello, bearer: token)
        #expect(answer.status == .unauthorized, "\(answer.text)", sourceLocation: sourceLocation)
    }
}

// MARK: - People

extension Stage {
    /// They sign in from where `fields` say.
    func makeCast(_ fields: HTTPFields = [:]) async throws -> Cast {
        count += 1
        var cast = Cast(number: count)
        let accounts = makeAccountService(
            api.configuration,
            stores: parts.stores,
            hasher: parts.hasher,
            now: parts.now
        )
        let client = ClientDescription(address: nil, userAgent: "", requestID: "")
        for role in Cast.Role.allCases {
            let user = try await accounts.create(
                .init(
                    username: cast.name(role.rawValue),
                    email: cast.email(role.rawValue),
                    password: Cast.password,
                    isAdmin: role == .root
                ),
                by: .operator,
                from: client
            )
            var person = Cast.Person(id: user.id, username: user.username, email: user.email, password: Cast.password)
            if role != .idle { person.tokens = try await signIn(user.username, Cast.password, fields) }
            if role == .ann || role == .root {
                person.otherTokens = try await signIn(user.email, Cast.password, fields)
            }
            if role == .idle {
                _ = try await accounts.change(user.id, .init(isActive: false), by: .operator, from: client)
            }
            if role == .gone { try await accounts.delete(user.id, isHard: false, by: .operator, from: client) }
            cast.people[role] = person
        }
        return cast
    }

    /// Leaves no other administrator than the one of this cast.
    func leaveAlone(_ administrator: Cast.Person) async throws {
        _ = try await database.query(
            "UPDATE users SET is_admin = \(false) WHERE is_admin AND deleted_at IS NULL AND id <> \(administrator.id)"
        )
    }
}
