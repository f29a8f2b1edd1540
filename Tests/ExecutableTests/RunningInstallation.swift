import HTTPEngine
import JSON
import Linux
import Networking
import TestKit
import Testing

/// The API serving, with an administrator called `admin`, and operators' commands beside it: on SQLite with the state in
/// the process, or on Postgres with Redis.
struct RunningInstallation: Sendable {
    static let password = "first administrator, hired today"

    let variables: [String: String]
    let loop: EventLoop
    let address: SocketAddress

    struct Said: Sendable {
        let ending: ChildProcess.End
        let output: String
        let errors: String
    }

    /// Runs the body with variables that lead to new, empty stores.
    static func withStores(
        _ kind: TestDatabase,
        _ body: @escaping @Sendable ([String: String]) async throws -> Void
    ) async throws {
        var variables = ["JWT_SECRET": "a secret that only this test has ever known"]
        switch kind {
        case .sqlite:
            let folder = try TestDirectory()
            variables["DATABASE_URL"] = "sqlite:" + folder.path("test.db")
            try await body(variables)
            withExtendedLifetime(folder) {}
        case .postgres:
            try await withRedisServer { [variables] redis in
                try await PostgresServer.shared().withDatabase { url in
                    try await body(variables.merging(["DATABASE_URL": url, "REDIS_URL": redis.socketAddress]) { $1 })
                }
            }
        }
    }

    static func with(
        _ kind: TestDatabase,
        _ body: @escaping @Sendable (RunningInstallation) async throws -> Void
    ) async throws {
        try await withStores(kind) { stores in
            let variables = stores.merging(["ADMIN_PASSWORD": password, "RATE_LIMIT_ENABLED": "false"]) { $1 }
            let migrated = try await TestProgram.run("gatehouse-api", ["migrate"], variables)
            #expect(migrated.ending == .exited(0), "\(migrated.errors)")
            try await withLoop { loop in
                let program = try TestProgram.serving("gatehouse-api", variables)
                let address = try await program.address(on: loop)
                try await body(RunningInstallation(variables: variables, loop: loop, address: address))
                withExtendedLifetime(program) {}
            }
        }
    }

    /// Runs a command of the program, with a line of standard input if there is one.
    func run(_ words: [String], input: String? = nil) async throws -> Said {
        try await run(words, bytes: input.map { Array($0.utf8) })
    }

    func run(_ words: [String], bytes: [UInt8]?) async throws -> Said {
        let program = try TestProgram("gatehouse-api", words, variables, input: bytes)
        let ending = try await program.ending(on: loop)
        return Said(ending: ending, output: program.output, errors: program.errors)
    }

    /// The same for one that has to succeed, saying nothing but its result.
    @discardableResult
    func done(_ words: [String], input: String? = nil) async throws -> String {
        let said = try await run(words, input: input)
        #expect(said.ending == .exited(0) && said.errors.isEmpty, "\(words): \(said.errors)")
        return said.output
    }
}

// MARK: - The API

extension RunningInstallation {
    struct Tokens: Sendable {
        let access: String
        let refresh: String
    }

    func call(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        token: String? = nil
    ) async throws -> TestResponse {
        let client = HTTPClient(loop: loop)
        defer { client.close() }
        var request = HTTPRequest(method: method, target: "/api/v1\(path)")
        if let token { request.fields.set(.authorization, "Bearer \(token)") }
        if let body {
            request.fields.set(.contentType, "application/json")
            request.body = .text(body)
        }
        return try await TestResponse(try await client.send(request, to: HTTPOrigin(address), timeout: .seconds(20)))
    }

    func tryLogin(_ username: String, _ password: String) async throws -> TestResponse {
        try await call(.post, "/auth/login", #"{"username":"\#(username)","password":"\#(password)"}"#)
    }

    func login(_ username: String, _ password: String) async throws -> Tokens {
        let answer = try await tryLogin(username, password)
        try #require(answer.status == .ok, "\(answer.text)")
        let body = try JSONObject(parsing: answer.body)
        return Tokens(
            access: try #require(body["access_token"]?.string),
            refresh: try #require(body["refresh_token"]?.string)
        )
    }

    /// Whether an access token is accepted.
    func accepts(_ tokens: Tokens) async throws -> Bool {
        let status = try await call(.get, "/auth/me", token: tokens.access).status
        #expect(status == .ok || status == .unauthorized)
        return status == .ok
    }

    /// Whether a session can go on. Uses up the refresh token when it can.
    func refreshes(_ tokens: Tokens) async throws -> Bool {
        try await call(.post, "/auth/refresh", #"{"refresh_token":"\#(tokens.refresh)"}"#).status == .ok
    }

    func user(_ tokens: Tokens) async throws -> JSONObject {
        try JSONObject(parsing: try await call(.get, "/auth/me", token: tokens.access).body)
    }

    /// What operators did, as `action target`, the latest first.
    func operations() async throws -> [String] {
        let admin = try await login("admin", RunningInstallation.password)
        let answer = try await call(.get, "/admin/audit?page_size=100", token: admin.access)
        let entries = try #require(try JSONObject(parsing: answer.body)["items"]?.array)
        return try entries.compactMap { entry in
            let entry = try #require(entry.object)
            guard entry["actor_name"]?.string == "operator" else { return nil }
            #expect(entry["actor_id"]?.isNull == true && entry["is_success"]?.boolean == true)
            let target = try #require(entry["target_name"]?.string)
            return "\(try #require(entry["action"]?.string)) \(target)"
        }
    }
}
