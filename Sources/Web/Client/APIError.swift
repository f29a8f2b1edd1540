internal import Contract
internal import HTTPEngine

/// Why a call of the API did not give what was asked for.
enum APIError: Error {
    /// The API understood and says no.
    case refused(APIRefusal)
    /// No answer.
    case away(HTTPClientError)
    /// An answer that the contract does not know: whoever gave it is not the API, or of another version.
    case unintelligible(HTTPStatus, UnexpectedAnswer?)

    /// Whether nobody answered who could, so that there may be another answer a little later.
    var isPassing: Bool {
        switch self {
        case .refused(let refusal): refusal.status.code >= 500
        case .away: true
        case .unintelligible: false
        }
    }

    /// Whether what was asked for may have been done all the same.
    var leavesDoubt: Bool {
        switch self {
        // Told in the middle of it, by an API whose store went away or by what stands before the API, nobody knows how
        // far it got. It may not have begun; nothing in the answer says so.
        case .refused(let refusal): refusal.status.code >= 500
        case .away(.timedOut), .away(.connectionLost), .away(.malformedResponse), .away(.cancelled): true
        case .away(.nameNotResolved), .away(.notConnected), .away(.overloaded): false
        case .unintelligible: true
        }
    }
}

/// A no, with its reasons.
struct APIRefusal: Error {
    let status: HTTPStatus
    let envelope: ErrorEnvelope
    /// In seconds.
    let retryAfter: Int?

    var code: ErrorCode { envelope.code }

    /// Whether another access token may help.
    var concernsToken: Bool { status == .unauthorized && (code == .tokenExpired || code == .invalidToken) }
}

extension APIError: CustomStringConvertible {
    var description: String {
        switch self {
        case .refused(let refusal): "the API refused: \(refusal.status.code) \(refusal.code.rawValue)"
        case .away(let error): "the API does not answer: \(error)"
        case .unintelligible(let status, let error):
            "the API answered \(status.code), which is not understood" + (error.map { ": \($0)" } ?? "")
        }
    }
}
