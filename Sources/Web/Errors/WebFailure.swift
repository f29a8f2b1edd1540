internal import Contract
internal import Ephemeral
internal import HTTPEngine
internal import Operations

/// What an error page says.
struct WebFailure {
    let status: HTTPStatus
    /// Instead of what the page says of its status by itself.
    var message: String?
    /// In seconds.
    var retryAfter: Int?
    var head = HTTPFields()

    private static let pause = 5

    var view: ErrorView { ErrorView(status: status, retryAfterSeconds: retryAfter, message: message) }

    /// Logs what somebody has to look after.
    init(meaning error: any Error, of method: HTTPMethod, _ exchange: HTTPExchange) {
        switch error {
        case let error as APIError:
            self.init(error, isForm: method == .post)
            if status.code >= 500 { exchange.logger.warning("the API failed a request", ["error": .error(error)]) }
        case let error as EphemeralStoreError:
            self.init(.serviceUnavailable, WebFailure.storeAway)
            exchange.logger.warning("the store of sessions failed a request", ["error": .error(error)])
        case is PageGate.ForeignForm:
            self.init(
                .forbidden,
                "This form is out of date, or was not sent from this site. Go back, reload the page and try again."
            )
        case is SessionError:
            self.init(.serviceUnavailable, "Your session is being renewed and that takes too long.")
        default:
            self.init(other: error, exchange)
        }
        if status == .serviceUnavailable, retryAfter == nil { retryAfter = WebFailure.pause }
        if let retryAfter, !head.contains(.retryAfter) { head.append(.retryAfter, "\(retryAfter)") }
    }

    static let storeAway =
        "Whether you are signed in can not be looked up now. You have not been signed out; try again in a moment."

    private static let serviceAway = "The service behind these pages does not answer now. Try again in a moment."

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

    private init(_ error: APIError, isForm: Bool) {
        switch error {
        case .away: self.init(.serviceUnavailable, isForm ? WebFailure.sentence(about: error) : WebFailure.serviceAway)
        case .unintelligible: self.init(.badGateway)
        case .refused(let refusal):
            switch refusal.status {
            case .forbidden, .notFound: self.init(refusal.status)
            case .conflict: self.init(.conflict, refusal.envelope.message)
            case .tooManyRequests, .serviceUnavailable: self.init(refusal.status)
            case .badRequest, .unprocessableContent: self.init(.badRequest)
            default: self.init(.badGateway)
            }
            retryAfter = refusal.retryAfter
        }
    }

    /// What can be said of a form that was not carried out, or of which that is not known.
    static func sentence(about error: APIError) -> String {
        error.leavesDoubt
            ? "The service did not answer in time. Whether this was done is not known: look before you try again."
            : "The service does not answer now. Nothing was changed; try again in a moment."
    }
}
