internal import Contract
internal import Ephemeral
internal import HTTPEngine
internal import Operations

/// What an error page says.
struct WebFailure {
    /// What the request that failed may have done.
    enum Effect {
        /// It only asked.
        case asking
        /// A form, and nothing that changes anything was asked of the API yet, or it refused.
        case unchanged
        /// A form for which the API changed something, or may have.
        case doubtful
    }

    let status: HTTPStatus
    /// Instead of what the page says of its status by itself.
    var message: String?
    /// In seconds.
    var retryAfter: Int?
    var head = HTTPFields()

    private static let pause = 5

    var view: ErrorView { ErrorView(status: status, retryAfterSeconds: retryAfter, message: message) }

    /// Logs what somebody has to look after.
    init(meaning error: any Error, after effect: Effect, _ exchange: HTTPExchange) {
        switch error {
        case let error as APIError:
            self.init(error)
            if status.code >= 500 {
                if effect != .asking { message = WebFailure.sentence(about: error) }
                exchange.logger.warning("the API failed a request", ["error": .error(error)])
            }
        case let error as EphemeralStoreError:
            let words = effect == .unchanged ? FailureWords.storeAwayUnchanged : FailureWords.storeAway
            self.init(.serviceUnavailable, words)
            exchange.logger.warning("the store of sessions failed a request", ["error": .error(error)])
        case is PageGate.ForeignForm: self.init(.forbidden, FailureWords.foreignForm)
        case is SessionError: self.init(.serviceUnavailable, FailureWords.sessionBusy)
        default: self.init(other: error, exchange)
        }
        if status == .serviceUnavailable, retryAfter == nil { retryAfter = WebFailure.pause }
        if let retryAfter, !head.contains(.retryAfter) { head.append(.retryAfter, "\(retryAfter)") }
    }

    private init(_ status: HTTPStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }

    private init(other error: any Error, _ exchange: HTTPExchange) {
        guard let known = HTTPError(describing: error) else {
            exchange.logger.error("request failed", ["error": .error(error)])
            self.init(.internalServerError)
            return
        }
        self.init(known.status)
        head = known.fields
        retryAfter = known.fields.single(.retryAfter).flatMap(Int.init)
    }

    private init(_ error: APIError) {
        switch error {
        case .away: self.init(.serviceUnavailable, FailureWords.serviceAway)
        case .unintelligible: self.init(.badGateway)
        case .refused(let refusal):
            switch refusal.status {
            // What the API finds too large may still be a form of a length that is taken here.
            case .forbidden, .notFound, .conflict, .contentTooLarge, .tooManyRequests, .serviceUnavailable:
                self.init(refusal.status)
            case .badRequest, .unprocessableContent: self.init(.badRequest)
            default: self.init(.badGateway)
            }
            retryAfter = refusal.retryAfter
        }
    }

    /// What can be said of a form that was not carried out, or of which that is not known.
    static func sentence(about error: APIError) -> String {
        guard error.leavesDoubt else { return FailureWords.notDone }
        if case .away = error { return FailureWords.doubtful }
        return FailureWords.doubtfulAnswer
    }
}
