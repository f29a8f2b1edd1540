internal import Contract
internal import HTTPEngine

/// What a form is shown again with that could not be carried out.
struct FormFailure {
    let problems: FormProblems
    let status: HTTPStatus
    /// In seconds.
    private(set) var retryAfter: Int?

    private static let pause = 5

    /// Nil for what no change to the form would mend: that is for an error page.
    init?(_ error: any Error) {
        guard let error = error as? APIError else { return nil }
        switch error {
        case .away:
            self.init(WebFailure.sentence(about: error), .serviceUnavailable, retryAfter: FormFailure.pause)
        case .unintelligible: self.init(WebFailure.sentence(about: error), .badGateway)
        case .refused(let refusal):
            switch refusal.code {
            case .validationError where refusal.status == .unprocessableContent, .conflict:
                self.init(problems: FormProblems(refusal.envelope), status: refusal.status)
            case .rateLimitExceeded:
                let seconds = refusal.retryAfter ?? FormFailure.pause
                self.init(FailureWords.tooOften(seconds), .tooManyRequests, retryAfter: seconds)
            case .serviceUnavailable:
                let seconds = refusal.retryAfter ?? FormFailure.pause
                self.init(WebFailure.sentence(about: error), .serviceUnavailable, retryAfter: seconds)
            case .internalError: self.init(WebFailure.sentence(about: error), .badGateway)
            default: return nil
            }
        }
    }

    /// About the whole form.
    init(_ message: String, _ status: HTTPStatus = .unprocessableContent, retryAfter: Int? = nil) {
        self.init(problems: FormProblems(message: message), status: status)
        self.retryAfter = retryAfter
    }

    init(problems: FormProblems, status: HTTPStatus = .unprocessableContent) {
        self.problems = problems
        self.status = status
    }

    /// Whether the same form may well be taken a little later.
    var isPassing: Bool { status == .tooManyRequests || status.code >= 500 }
}

extension WebExchange {
    func show(_ view: some PageView, after failure: FormFailure) throws -> HTTPResponse {
        try show(view, status: failure.status, retryAfter: failure.retryAfter)
    }
}

extension URLEncodedForm {
    /// A field as it was typed; empty when there is none.
    func typed(_ name: String) -> String { self[name] ?? "" }

    /// A box that can be ticked: browsers say nothing of one that is not.
    func isTicked(_ name: String) -> Bool { self[name] == "true" }
}
