import HTTPEngine
import Testing

@testable import Contract

/// The contract as a whole.
@Suite struct OperationTests {
    private static let rows = """
        POST /api/v1/auth/signup anyone
        POST /api/v1/auth/register anyone
        POST /api/v1/auth/login anyone
        POST /api/v1/auth/refresh holder
        POST /api/v1/auth/logout holder
        POST /api/v1/auth/logout-all user
        GET /api/v1/auth/verify bearer
        GET /api/v1/auth/me user
        GET /api/v1/me user
        PATCH /api/v1/auth/me user
        POST /api/v1/auth/password-change user
        GET /api/v1/auth/sessions user
        DELETE /api/v1/auth/sessions/{id} user
        GET /api/v1/hello user
        GET /api/v1/users administrator
        GET /api/v1/admin/users administrator
        POST /api/v1/users administrator
        POST /api/v1/register administrator
        GET /api/v1/users/{id} administrator or self
        PUT /api/v1/users/{id} administrator
        PATCH /api/v1/users/{id} administrator
        DELETE /api/v1/users/{id} administrator
        POST /api/v1/admin/users/{id}/activate administrator
        POST /api/v1/admin/users/{id}/deactivate administrator
        POST /api/v1/admin/users/{id}/make-admin administrator
        POST /api/v1/admin/users/{id}/remove-admin administrator
        DELETE /api/v1/admin/users/{id}/sessions administrator
        GET /api/v1/admin/stats administrator
        GET /api/v1/admin/audit administrator
        GET /health anyone
        GET /health/ready anyone
        GET /.well-known/jwks.json anyone
        GET /api/v1/openapi.json anyone
        GET /docs anyone
        """

    @Test func `the contract is these rows, and nobody else may call them`() {
        let rows = Operation.all.flatMap { operation in
            operation.paths.map { "\(operation.method) \($0) \(operation.caller.rawValue)" }
        }
        #expect(rows.joined(separator: "\n") == OperationTests.rows)
    }

    @Test func `no two operations have one name or one route`() throws {
        #expect(Set(Operation.all.map(\.id)).count == Operation.all.count)
        var trie = RouteTrie<String>()
        for operation in Operation.all {
            for path in operation.paths { try trie.insert(operation.method, try PathPattern(path), operation.id) }
        }
    }

    @Test(arguments: Operation.all)
    func `an operation tells every way in which it can fail`(_ operation: Operation) {
        let statuses = Set(operation.failures.map(\.status.code))
        let asksForToken = operation.caller != .anyone || operation.id == "login"
        let isAdministration = [.administrator, .administratorOrSelf].contains(operation.caller)
        let hasContent = operation.content != nil
        #expect(statuses.contains(401) == asksForToken)
        #expect(statuses.contains(403) || !isAdministration)
        #expect(statuses.contains(404) || !operation.path.contains("{"))
        #expect(statuses.contains(413) == hasContent && statuses.contains(415) == hasContent)
        #expect(statuses.contains(422) == (hasContent || !operation.parameters.isEmpty))
        #expect(statuses.contains(429) == (operation.group != .health && operation.id != "verify"))
        #expect(statuses.contains(500))
        #expect(operation.failures.allSatisfy { !$0.codes.isEmpty && !$0.reasons.isEmpty })
        #expect(operation.failures.map(\.status.code) == statuses.sorted())
        #expect(operation.method.isSafe ? operation.content == nil : true)
    }

    @Test func `an identifier stays in its segment of the path`() {
        #expect(Operation.user.target(id: "7") == "/api/v1/users/7")
        #expect(
            Operation.endUserSessions.target(id: "a/../b?c#d%2e")
                == "/api/v1/admin/users/a%2F..%2Fb%3Fc%23d%252e/sessions"
        )
        #expect(["", ".", ".."].allSatisfy { Operation.user.target(id: $0) == nil })
    }

    @Test func `every code is the answer to something`() {
        let told = Set(Operation.all.flatMap(\.failures).flatMap(\.codes))
        #expect(told == Set(ErrorCode.allCases))
    }
}
