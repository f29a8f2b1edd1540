internal import Contract
internal import Database
internal import HTTPEngine
internal import Operations

/// The one place where errors become answers of the API.
struct APIErrorResponder: ErrorResponder {
    func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse {
        guard let known = HTTPError(describing: error) ?? APIErrorResponder.unavailability(error, exchange) else {
            exchange.logger.error("request failed", ["error": .error(error)])
            return response(.internalServerError, "something went wrong", exchange)
        }
        var response = response(known.status, known.reason, exchange)
        response.fields.append(contentsOf: known.fields)
        return response
    }

    /// A store is away, or others were in the way: trying again soon may help.
    private static func unavailability(_ error: any Error, _ exchange: HTTPExchange) -> HTTPError? {
        guard let error = error as? DatabaseError else { return nil }
        guard error.isUnavailability || error.code == .conflict || error.code == .cancelled else { return nil }
        exchange.logger.warning("the database could not serve a request", ["error": .error(error)])
        return HTTPError(.serviceUnavailable, "the service is not available now", fields: [.retryAfter: "1"])
    }

    private func response(_ status: HTTPStatus, _ message: String, _ exchange: HTTPExchange) -> HTTPResponse {
        let envelope = ErrorEnvelope(code: ErrorCode(status), message: message, requestID: exchange.requestID)
        return .json(envelope.json, status: status)
    }
}
