internal import Contract
internal import HTTPEngine

/// What stands at `/` for whoever is signed in.
struct DashboardHandlers {
    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let user = try await context.me()
        let sessions = try await context.sessionsIfKnown()
        return try context.show(DashboardView(user: user, sessions: sessions))
    }
}
