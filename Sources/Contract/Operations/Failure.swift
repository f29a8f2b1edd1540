public import HTTPEngine

/// One way in which an operation can fail: a status, and what the envelope says.
public struct Failure: Sendable {
    public let status: HTTPStatus
    public let codes: [ErrorCode]
    /// When that happens.
    public let reasons: [String]

    init(_ status: HTTPStatus, _ codes: [ErrorCode], _ reason: String) {
        self.init(status: status, codes: codes, reasons: [reason])
    }

    init(_ code: ErrorCode, _ reason: String) {
        self.init(code.status, [code], reason)
    }

    private init(status: HTTPStatus, codes: [ErrorCode], reasons: [String]) {
        self.status = status
        self.codes = codes
        self.reasons = reasons
    }

    /// One for each status, in their order.
    static func merged(_ failures: [Failure]) -> [Failure] {
        Set(failures.map(\.status.code)).sorted().map { status in
            let same = failures.filter { $0.status.code == status }
            return Failure(
                status: HTTPStatus(code: status),
                codes: ErrorCode.allCases.filter { code in same.contains { $0.codes.contains(code) } },
                reasons: same.flatMap(\.reasons).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
            )
        }
    }
}

// What follows from the rest of an operation, so that nobody has to remember it.
extension Failure {
    static func implied(by caller: Operation.Caller) -> [Failure] {
        let token = Failure(
            .unauthorized,
            [.authenticationError, .tokenExpired, .invalidToken],
            "There is no token, or it has expired, was revoked or is not one of ours."
        )
        return switch caller {
        case .anyone: []
        case .holder, .bearer, .user: [token]
        case .administratorOrSelf, .administrator:
            [token, Failure(.authorizationError, "The caller is not allowed to do this.")]
        }
    }

    static func implied(by content: Operation.Content?) -> [Failure] {
        guard content != nil else { return [] }
        return [
            Failure(.badRequest, [.validationError], "The content is not a JSON object."),
            Failure(.contentTooLarge, [.validationError], "The content is too long."),
            Failure(.unsupportedMediaType, [.validationError], "The content is not application/json."),
            Failure(.validationError, "A field is missing, unknown or not valid; the details name it."),
        ]
    }

    static let ofQueries = [
        Failure(.badRequest, [.validationError], "The query is not percent-encoded as it should be."),
        Failure(.validationError, "A parameter is unknown or not valid; the details name it."),
    ]

    static let ofPaths = [
        Failure(.badRequest, [.validationError], "The path is malformed."),
        Failure(.notFound, "There is nothing with this identifier."),
    ]

    static let ofLimits = [
        Failure(.rateLimitExceeded, "Too many requests; Retry-After tells when the next one is welcome.")
    ]

    static let ofStores = [
        Failure(.serviceUnavailable, "A store is away, or too much is waiting; Retry-After tells when to try again.")
    ]

    static let ofAll = [Failure(.internalError, "A mistake of ours; the log knows the request by its identifier.")]
}
