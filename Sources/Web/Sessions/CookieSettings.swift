internal import HTTPEngine
internal import Linux

/// Which cookies browsers are given, and how.
struct CookieSettings: Sendable {
    enum Security: String, CaseIterable, Sendable {
        /// As the request came.
        case auto
        case `true`
        case `false`
    }

    enum Name: String, CaseIterable, Sendable {
        case session = "gatehouse"
        /// Of a browser that is not signed in, for the forms it is shown.
        case visitor = "gatehouse-visitor"
        case device = "gatehouse-device"
        case flash = "gatehouse-flash"
    }

    let security: Security
    /// Where people reach the pages by https, whatever a request looks like here.
    let isPublicSecure: Bool

    func isSecure(_ exchange: HTTPExchange) -> Bool {
        switch security {
        case .auto: exchange.isSecure || isPublicSecure
        case .true: true
        case .false: false
        }
    }

    /// With the prefix a browser takes the cookie only from this host, and only by https: no neighbour can plant one.
    static func fullName(_ name: Name, isSecure: Bool) -> String {
        isSecure ? "__Host-" + name.rawValue : name.rawValue
    }

    /// Without an age it lasts as long as the browser.
    static func cookie(_ name: Name, _ value: String, age: Duration?, isSecure: Bool) -> SetCookie? {
        try? SetCookie(
            name: fullName(name, isSecure: isSecure),
            value: value,
            maxAge: age.map { Int($0.components.seconds) },
            isSecure: isSecure
        )
    }

    static func expired(_ name: Name, isSecure: Bool) -> SetCookie? {
        try? SetCookie.expired(name: fullName(name, isSecure: isSecure), isSecure: isSecure)
    }
}
