internal import HTTPEngine
internal import Operations

/// The one place where errors become pages.
struct WebErrorResponder: ErrorResponder {
    func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse {
        guard let known = HTTPError(describing: error) else {
            exchange.logger.error("request failed", ["error": .error(error)])
            return page(.internalServerError, exchange)
        }
        var response = page(known.status, exchange)
        response.fields.append(contentsOf: known.fields)
        return response
    }

    private func page(_ status: HTTPStatus, _ exchange: HTTPExchange) -> HTTPResponse {
        let document = PlainPage(
            title: status.reason,
            paragraphs: ["Something did not work (\(status.code)).", "Request \(exchange.requestID)"]
        )
        return .html(document.html, status: status)
    }
}
