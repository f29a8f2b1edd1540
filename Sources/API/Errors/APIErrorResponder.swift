internal import Contract
internal import HTTPEngine
internal import Operations

/// The one place where errors become answers of the API.
struct APIErrorResponder: ErrorResponder {
    func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse {
        guard let known = HTTPError(describing: error) else {
            exchange.logger.error("request failed", ["error": .error(error)])
            return response(.internalServerError, "something went wrong", exchange)
        }
        var response = response(known.status, known.reason, exchange)
        response.fields.append(contentsOf: known.fields)
        return response
    }

    private func response(_ status: HTTPStatus, _ message: String, _ exchange: HTTPExchange) -> HTTPResponse {
        let envelope = ErrorEnvelope(code: ErrorCode(status), message: message, requestID: exchange.requestID)
        return .json(envelope.json, status: status)
    }
}
