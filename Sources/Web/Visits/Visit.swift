internal import HTTPEngine
internal import Linux

/// One request as a browser's: what its cookies say, who it is, and which cookies the answer sets.
final class Visit {
    let person: Person
    /// What was typed, where the request brought a form.
    var form = URLEncodedForm()
    /// The id in the request's cookie, whether or not there is such a session.
    let sessionID: BrowserSecret?
    private(set) var session: Session?
    private let isSecure: Bool
    private let carriedFlash: String?
    private var visitorID: BrowserSecret?
    private var outgoing: [CookieSettings.Name: SetCookie] = [:]

    /// How long a browser is known by what the API gave it: as long as the API knows it.
    private static let deviceAge = Duration.seconds(90 * 86_400)
    /// A sentence that nobody fetched by then is stale.
    private static let flashAge = Duration.seconds(60)

    init(_ request: HTTPRequest, _ exchange: HTTPExchange, _ settings: CookieSettings) {
        let isSecure = settings.isSecure(exchange)
        let cookies = request.cookies
        func value(_ name: CookieSettings.Name) -> String? {
            cookies[CookieSettings.fullName(name, isSecure: isSecure)]
        }
        self.isSecure = isSecure
        sessionID = value(.session).flatMap(BrowserSecret.init)
        visitorID = value(.visitor).flatMap(BrowserSecret.init)
        carriedFlash = value(.flash)
        person = Person(request, exchange, device: value(.device))
    }

    /// What the answer sets, in the order of their names.
    var cookies: [SetCookie] { CookieSettings.Name.allCases.compactMap { outgoing[$0] } }

    private func set(_ name: CookieSettings.Name, _ value: String, age: Duration? = nil) {
        outgoing[name] = CookieSettings.cookie(name, value, age: age, isSecure: isSecure)
    }

    private func expire(_ name: CookieSettings.Name) {
        outgoing[name] = CookieSettings.expired(name, isSecure: isSecure)
    }
}

// MARK: - Who it is

extension Visit {
    /// Found to be signed in, or still to be.
    func admit(_ session: Session) { self.session = session }

    /// From now on the browser has another session, which lasts as long as the browser unless it is given an age.
    func begin(_ session: Session, age: Duration?, device: String?) {
        self.session = session
        set(.session, session.id.text, age: age)
        if let device { set(.device, device, age: Visit.deviceAge) }
    }

    /// From now on the browser has none.
    func forget() {
        session = nil
        if sessionID != nil { expire(.session) }
    }

    /// By which forms and sentences are made for this browser.
    private var browser: BrowserSecret {
        if let session { return session.id }
        if let visitorID { return visitorID }
        let made = BrowserSecret.random()
        visitorID = made
        set(.visitor, made.text)
        return made
    }
}

// MARK: - Forms and sentences

extension Visit {
    var formToken: String { FormToken.text(for: browser) }

    /// Whether a form was made for this browser. A form of somebody who is signed in must have been made for the session:
    /// the other cookie may be known to whoever planted it.
    func isOwnForm(ofSession: Bool) -> Bool {
        guard let token = form[FormToken.field] else { return false }
        let browsers = ofSession ? [sessionID] : [sessionID, visitorID]
        return browsers.contains { $0.map { FormToken.isValid(token, for: $0) } ?? false }
    }

    /// Has the next page say something.
    func carry(_ kind: Flash.Kind, _ message: String) {
        let text = FlashCookie.text(Flash(kind: kind, message: message), for: browser)
        set(.flash, text, age: Visit.flashAge)
    }

    /// What the request before wanted to be said here; once.
    func takeFlash() -> Flash? {
        guard let carriedFlash else { return nil }
        if outgoing[.flash] == nil { expire(.flash) }
        return [session?.id, visitorID].lazy.compactMap { $0.flatMap { FlashCookie.flash(carriedFlash, for: $0) } }
            .first
    }
}
