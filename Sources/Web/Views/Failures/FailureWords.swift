internal import HTTPEngine

/// What people are told of failures, on pages and above forms: what happened, and what to do.
enum FailureWords {
    // MARK: Of what is known

    static let serviceAway = "The service behind these pages does not answer now. Try again in a moment."

    static let storeAway =
        "Whether you are signed in can not be looked up now. You have not been signed out; try again in a moment."

    /// The same of a form.
    static let storeAwayUnchanged =
        "Whether you are signed in can not be looked up now. You have not been signed out, and nothing was changed; try "
        + "again in a moment."

    static let sessionBusy = "Your session is being renewed, and that takes too long. Try again in a moment."

    static let sessionOver = "Your session has ended. Sign in again to go on."

    /// The same of a form.
    static let sessionOverUnchanged = "Your session has ended. Sign in again to go on: nothing was changed."

    static let foreignForm =
        "This form is out of date, or was not sent from this site. Go back, load the page again and try once more."

    static let notSignedIn = "You can not be signed in now: the service does not answer. Try again in a moment."

    /// Of a form that was not carried out.
    static let notDone = "The service does not answer now. Nothing was changed; try again in a moment."

    /// Of a form that may have been carried out: no answer came.
    static let doubtful =
        "The service did not answer in time. Whether this was done is not known: look before you try again."

    /// The same where the answer that came tells of trouble in the middle of it.
    static let doubtfulAnswer =
        "The service did not answer as it should. Whether this was done is not known: look before you try again."

    static func tooOften(_ seconds: Int) -> String { "That was too often. \(tryAgain(inSeconds: seconds))" }

    static func tryAgain(inSeconds seconds: Int) -> String {
        let time =
            switch seconds {
            case ...1: "a second"
            case ..<120: "\(seconds) seconds"
            case ..<7_200: "\((seconds + 59) / 60) minutes"
            default: "\((seconds + 3_599) / 3_600) hours"
            }
        return "Try again in \(time)."
    }

    // MARK: Of a status alone

    struct OfStatus {
        let title: String
        let what: String
        let advice: String
    }

    static func of(_ status: HTTPStatus) -> OfStatus {
        switch status.code {
        case 401:
            OfStatus(title: "Please sign in", what: "You are not signed in any more.", advice: "Sign in and go on.")
        case 403:
            OfStatus(
                title: "Not allowed",
                what: "This is not for your account.",
                advice: "Ask an administrator if you need it."
            )
        case 404:
            OfStatus(
                title: "Not found",
                what: "There is nothing at this address.",
                advice: "Check the address, or start from the home page."
            )
        case 405:
            OfStatus(
                title: "Not possible",
                what: "This address does not take that kind of request.",
                advice: "Go back and use the form or the link on the page."
            )
        case 409:
            OfStatus(
                title: "Out of date",
                what: "Somebody changed this in the meantime.",
                advice: "Go back, load the page again and try once more."
            )
        case 413:
            OfStatus(title: "Too much", what: "More was sent than can be taken.", advice: "Go back and send less.")
        case 429:
            OfStatus(
                title: "Too many tries",
                what: "There were too many requests in a short time.",
                advice: "Wait a minute and try again."
            )
        case 502, 503, 504:
            OfStatus(
                title: "Not available",
                what: "A part of the service does not answer as it should.",
                advice: "Try again in a minute."
            )
        case 400..<500:
            OfStatus(
                title: "Not understood",
                what: "The request was not as it should be.",
                advice: "Go back and try once more."
            )
        default:
            OfStatus(
                title: "Something went wrong",
                what: "That is our fault, and it was written down.",
                advice: "Try again. If it happens again, tell your administrator the number below."
            )
        }
    }
}
