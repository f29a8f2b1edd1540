import Contract
import HTTPEngine
import JSON
import TestKit

/// What the real API says only by bad luck: a site whose API signs everybody in as one user, tells who that is, and answers
/// all else as a test says; nil for what the test does not mean.
func withStandIn(
    for user: UserBody = .example,
    answering: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse?,
    _ body: @escaping @Sendable (Site, Browser) async throws -> Void
) async throws {
    let answer: @Sendable (HTTPRequest) async throws -> HTTPResponse = { request in
        if let response = try await answering(request) { return response }
        switch (request.method, request.path) {
        case (.post, "/api/v1/auth/login"):
            let tokens = TokensBody(accessToken: "access", refreshToken: "refresh", expiresIn: 900, user: user)
            return .json(tokens.json)
        case (.get, "/api/v1/auth/me"): return .json(user.json)
        case (.get, "/api/v1/auth/sessions"): return .json(SessionList(items: []).json)
        case (.get, "/api/v1/users"): return .json(UserPage(items: [user], page: 1, pageSize: 20, total: 1).json)
        case (.get, "/api/v1/users/\(user.id)"): return .json(user.json)
        default: return .failure(.notFound)
        }
    }
    try await withServer(answering: answer) { server, _ in
        try await withSite(web: ["API_URL": "\(HTTPOrigin(server.addresses[0]))"]) { site, browser in
            try await browser.signIn()
            try await body(site, browser)
        }
    }
}

extension HTTPResponse {
    /// As the API fails.
    static func failure(_ code: ErrorCode, status: HTTPStatus? = nil) -> HTTPResponse {
        let envelope = ErrorEnvelope(code: code, message: "said by a stand-in", requestID: "")
        return .json(envelope.json, status: status ?? code.status)
    }
}

extension UserBody {
    /// The same as an administrator.
    static let root = UserBody(
        id: example.id,
        username: "root",
        email: "root@example.com",
        isAdmin: true,
        isActive: true,
        isEmailVerified: true,
        createdAt: example.createdAt,
        updatedAt: example.updatedAt,
        lastLoginAt: nil
    )
}
