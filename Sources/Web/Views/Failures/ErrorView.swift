internal import HTTPEngine
internal import Mustache

/// A failure, for people: what happened and what to do.
struct ErrorView: PageView {
    static let template = "error"

    let status: HTTPStatus
    var retryAfterSeconds: Int?
    /// What happened, where more is known than the status says.
    var message: String?

    var title: String { words.title }

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        let words = words
        return [
            ("status", .integer(status.code)),
            ("what", .string(message ?? words.what)),
            ("advice", .string(advice ?? words.advice)),
            ("offers_sign_in", .boolean(status == .unauthorized)),
        ]
    }

    private var advice: String? {
        guard let seconds = retryAfterSeconds, seconds > 0 else { return nil }
        if seconds < 60 { return "Try again in \(CountInWords.count(seconds, "second", "seconds"))." }
        return "Try again in \(CountInWords.count((seconds + 59) / 60, "minute", "minutes"))."
    }
}

extension ErrorView {
    private struct Words {
        let title: String
        let what: String
        let advice: String
    }

    private var words: Words {
        switch status.code {
        case 401:
            Words(title: "Please sign in", what: "You are not signed in any more.", advice: "Sign in and go on.")
        case 403:
            Words(
                title: "Not allowed",
                what: "This is not for your account, or the form was too old to be sent.",
                advice: "Go back, load the page again and try once more."
            )
        case 404:
            Words(
                title: "Not found",
                what: "There is nothing at this address.",
                advice: "Check the address, or start from the home page."
            )
        case 405:
            Words(
                title: "Not possible",
                what: "This address does not take that kind of request.",
                advice: "Go back and use the form or the link on the page."
            )
        case 409:
            Words(
                title: "Out of date",
                what: "Somebody changed this in the meantime.",
                advice: "Go back, load the page again and try once more."
            )
        case 413:
            Words(title: "Too much", what: "More was sent than can be taken.", advice: "Go back and send less.")
        case 429:
            Words(
                title: "Too many tries",
                what: "There were too many requests in a short time.",
                advice: "Wait a minute and try again."
            )
        case 502, 503, 504:
            Words(
                title: "Not available",
                what: "A part of the service does not answer at the moment. Nothing is lost.",
                advice: "Try again in a minute."
            )
        case 400..<500:
            Words(
                title: "Not understood",
                what: "The request was not as it should be.",
                advice: "Go back and try once more."
            )
        default:
            Words(
                title: "Something went wrong",
                what: "That is our fault, and it was written down.",
                advice: "Try again. If it happens again, tell your administrator the number below."
            )
        }
    }
}
