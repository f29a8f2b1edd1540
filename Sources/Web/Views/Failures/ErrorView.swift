internal import HTTPEngine
internal import Mustache

/// A failure, for people: what happened and what to do.
struct ErrorView: PageView {
    static let template = "error"

    let status: HTTPStatus
    var retryAfterSeconds: Int?
    /// What happened and what to do, where more is known than the status says.
    var message: String?

    var title: String { FailureWords.of(status).title }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("status", .integer(status.code)),
            ("words", .string(message ?? words)),
            ("offers_sign_in", .boolean(status == .unauthorized)),
        ]
    }

    private var words: String {
        let words = FailureWords.of(status)
        let seconds = retryAfterSeconds.flatMap { $0 > 0 ? $0 : nil }
        return words.what + " " + (seconds.map { FailureWords.tryAgain(inSeconds: $0) } ?? words.advice)
    }
}
