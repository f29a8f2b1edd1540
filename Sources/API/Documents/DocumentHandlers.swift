internal import Contract
internal import Cryptography
internal import HTTPEngine

/// Serves what the contract says of itself: for programs and for people.
struct DocumentHandlers {
    /// Otherwise there is nothing at either address.
    let areEnabled: Bool

    private static let program = StaticDocument(
        OpenAPIDocument(Operation.all).json,
        fields: [.contentType: "application/json"]
    )

    private static let page = StaticDocument(
        Array(DocumentationPage(Operation.all).html.utf8),
        fields: [
            .contentType: "text/html; charset=utf-8",
            .contentSecurityPolicy: contentSecurityPolicy(allowing: DocumentationPage.style),
        ]
    )

    func openAPI(_ request: HTTPRequest, _ context: some RequestContext) async throws -> HTTPResponse {
        try answer(request, DocumentHandlers.program)
    }

    func page(_ request: HTTPRequest, _ context: some RequestContext) async throws -> HTTPResponse {
        try answer(request, DocumentHandlers.page)
    }

    private func answer(_ request: HTTPRequest, _ document: StaticDocument) throws -> HTTPResponse {
        guard areEnabled else { throw HTTPError(.notFound, "there is nothing at this address") }
        return try document.response(to: request)
    }

    /// The page brings its style sheet along, and no other may be in force.
    private static func contentSecurityPolicy(allowing style: String) -> String {
        let hash = Base64.encode(SHA256.hash(Array(style.utf8)).span)
        let rest = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return "default-src 'none'; style-src 'sha256-\(hash)'; \(rest)"
    }
}
