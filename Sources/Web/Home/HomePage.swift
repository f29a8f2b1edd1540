internal import HTTPEngine

/// What stands at `/`.
struct HomePage {
    private let html = PlainPage(title: "Gatehouse", paragraphs: ["The sign-in service is running."]).html

    func show(_ request: HTTPRequest, _ context: HTTPExchange) async throws -> HTTPResponse {
        .html(html)
    }
}
