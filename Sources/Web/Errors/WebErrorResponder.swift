internal import Contract
internal import Ephemeral
internal import HTTPEngine
internal import Linux
internal import Operations

/// The one place where errors become pages.
struct WebErrorResponder: ErrorResponder {
    let pages: Pages
    let now: @Sendable () -> WallTime

    /// Of a request that never reached the pages: there is nobody to show them to.
    func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse {
        let failure = WebFailure(meaning: error, after: .asking, exchange)
        let frame = PageFrame(viewer: nil, csrfToken: "", requestID: exchange.requestID, now: now())
        return answer(failure, exchange) { try pages.respond(failure.view, in: frame) }
    }

    /// Of a request to the pages.
    func respond(to error: any Error, in context: WebExchange, of request: HTTPRequest) -> HTTPResponse {
        if let error = error as? SessionError, error != .busy { return signIn(error, context, request) }
        let failure = WebFailure(meaning: error, after: effect(context, request), context.exchange)
        return answer(failure, context.exchange) { try context.show(failure.view) }
    }

    private func effect(_ context: WebExchange, _ request: HTTPRequest) -> WebFailure.Effect {
        guard request.method == .post else { return .asking }
        return context.hasActed ? .doubtful : .unchanged
    }

    private func answer(
        _ failure: WebFailure,
        _ exchange: HTTPExchange,
        _ page: () throws -> HTTPResponse
    ) -> HTTPResponse {
        do {
            var response = try page()
            response.fields.append(contentsOf: failure.head)
            return response
        } catch {
            exchange.logger.error("no page for an error", ["error": .error(error)])
            return .text("Something went wrong. Request \(exchange.requestID)\n", status: .internalServerError)
        }
    }

    /// To the sign-in page, and from there back to where somebody wanted to go. A form can not be sent again from there:
    /// then it is the page it was on.
    private func signIn(_ error: SessionError, _ context: WebExchange, _ request: HTTPRequest) -> HTTPResponse {
        let page =
            request.method == .get || request.method == .head
            ? LocalPath(request.target) : context.parts.formOrigin.page(of: request)
        var query = URLEncodedForm()
        if let page, page.text != PageAddress.home { query.append("next", page.text) }
        // Whoever sends a form was signed in when it was shown.
        let isUnchanged = effect(context, request) == .unchanged
        let words = isUnchanged ? FailureWords.sessionOverUnchanged : FailureWords.sessionOver
        return context.redirect(
            to: PageAddress.signIn + (query.pairs.isEmpty ? "" : "?" + query.serialized),
            saying: error == .over || isUnchanged ? words : nil,
            as: .notice
        )
    }
}

/// Turns errors into pages where it is known whose request it was.
struct ErrorPages: Middleware {
    let errors: WebErrorResponder

    func handle(
        _ request: HTTPRequest,
        _ context: WebExchange,
        next: Handler<WebExchange>
    ) async throws -> HTTPResponse {
        do {
            return try await next(request, context)
        } catch {
            // For the navigation around the page. What is not known now is left out.
            try? await context.recognize(isRequired: false)
            return errors.respond(to: error, in: context, of: request)
        }
    }
}
