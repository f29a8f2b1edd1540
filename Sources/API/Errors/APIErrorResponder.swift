internal import Contract
internal import Database
internal import HTTPEngine
internal import Linux
internal import Operations
internal import Passwords

/// The one place where errors become answers of the API.
struct APIErrorResponder: ErrorResponder {
    func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse {
        if let failure = APIFailure(meaning: error) { return response(failure, exchange) }
        if let known = HTTPError(describing: error) {
            let failure = APIFailure(ErrorCode(known.status), known.reason, status: known.status, head: known.fields)
            return response(failure, exchange)
        }
        if APIErrorResponder.isUnavailability(error) {
            exchange.logger.warning("a store could not serve a request", ["error": .error(error)])
            return response(.unavailable, exchange)
        }
        exchange.logger.error("request failed", ["error": .error(error)])
        return response(APIFailure(.internalError, "something went wrong"), exchange)
    }

    /// A store is away, or others were in the way: trying again soon may help.
    private static func isUnavailability(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError:
            error.isUnavailability || error.code == .conflict || error.code == .cancelled
        case AccessTokenError.unavailable, SigningKeysError.unavailable: true
        case let error as PasswordError: error.code == .busy
        default: false
        }
    }

    private func response(_ failure: APIFailure, _ exchange: HTTPExchange) -> HTTPResponse {
        let envelope = ErrorEnvelope(
            code: failure.code,
            message: failure.message,
            fields: failure.fields,
            requestID: exchange.requestID
        )
        var response = HTTPResponse.json(envelope.json, status: failure.status)
        response.fields.append(contentsOf: failure.head)
        // What is not there, or not now, may be in a moment, and for somebody else.
        response.fields.append(.cacheControl, "no-store")
        return response
    }
}
