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
        case .unintelligible: return nil
        case .refused(let refusal):
            switch refusal.code {
            case .validationError where refusal.status == .unprocessableContent, .conflict:
                self.init(problems: FormProblems(refusal.envelope), status: refusal.status)
            case .rateLimitExceeded:
                let seconds = refusal.retryAfter ?? FormFailure.pause
                self.init(
                    "That was too often. Try again in \(FormFailure.words(seconds)).",
                    .tooManyRequests,
                    retryAfter: seconds
                )
            case .serviceUnavailable:
                let seconds = refusal.retryAfter ?? FormFailure.pause
                self.init(WebFailure.sentence(about: error), .serviceUnavailable, retryAfter: seconds)
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

    private static func words(_ seconds: Int) -> String {
        switch seconds {
        case ...1: "a second"
        case ..<120: "\(seconds) seconds"
        case ..<7_200: "\((seconds + 59) / 60) minutes"
        default: "\((seconds + 3_599) / 3_600) hours"
        }
    }
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
