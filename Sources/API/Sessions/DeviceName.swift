internal import Text

/// What a browser says it is, in words for people: "Firefox on Linux". Made for show: it is whatever the client claims.
enum DeviceName {
    /// The first that is found is meant: many claim to be others besides.
    private static let browsers = [
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
        ("Safari/", "Safari"), ("curl/", "curl"), ("python-requests/", "Python"), ("okhttp/", "an Android app"),
    ]
    private static let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]

    static func of(_ userAgent: String) -> String {
        let browser = browsers.first { userAgent.containsBytes(of: $0.0) }?.1
        let system = systems.first { userAgent.containsBytes(of: $0.0) }?.1
        return switch (browser, system) {
        case (let browser?, let system?): "\(browser) on \(system)"
        case (let browser?, nil): browser
        case (nil, let system?): "A browser on \(system)"
        case (nil, nil): "Unknown device"
        }
    }
}
