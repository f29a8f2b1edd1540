internal import Contract
internal import HTTPEngine

/// The greeting of the API.
struct HelloHandlers {
    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let hello = try await context.call(.hello)
        return try context.show(HelloView(message: HelloBody.message, username: hello.username))
    }
}
