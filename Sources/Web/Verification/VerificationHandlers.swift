internal import Contract
internal import HTTPEngine

/// Says to nginx, before it lets a browser through to another application, whose browser it is. See `nginx/snippets`.
struct VerificationHandlers {
    /// Without a page, because nobody sees it: nginx leads to the sign-in by itself. And without a challenge, which nginx
    /// would pass on beside that.
    func verify(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        do {
            try await context.recognize(isRequired: true)
            return try VerificationHandlers.answer(try await context.call(.verify))
        } catch let error as SessionError where error != .busy {
            return HTTPResponse(status: .unauthorized)
        }
    }

    /// Nobody is let through without a name.
    private static func answer(_ head: HTTPFields) throws -> HTTPResponse {
        var response = HTTPResponse(status: .noContent)
        for name in [HTTPFieldName.xAuthUserID, .xAuthUsername, .xAuthRoles] {
            guard let value = head.single(name) else { throw APIError.unintelligible(.noContent, nil) }
            response.fields.append(name, value)
        }
        return response
    }
}
