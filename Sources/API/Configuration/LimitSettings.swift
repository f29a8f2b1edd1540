internal import Ephemeral
public import Operations

/// How often who may ask, and how failed logins slow down those that follow.
public struct LimitSettings: Sendable {
    public let isEnabled: Bool
    /// Anonymous requests and those whose token is refused, by address.
    let general: [SlidingWindow]
    /// Requests with a good token, by user.
    let user: [SlidingWindow]
    let login: [SlidingWindow]
    let signUp: [SlidingWindow]
    let refresh: [SlidingWindow]
    let backoff: LoginBackoff

    public init(_ reader: ConfigurationReader) {
        (isEnabled, general, user, login, signUp, refresh) = reader.group("Limits") {
            let isEnabled = reader.flag(
                "RATE_LIMIT_ENABLED",
                default: true,
                help: "Whether requests are counted and too many are refused; failed logins slow down regardless"
            )
            let general = [
                LimitSettings.general(.minute, 60, reader), LimitSettings.general(.hour, 1_000, reader),
                LimitSettings.general(.day, 10_000, reader),
            ]
            let factor = reader.integer(
                "RATE_LIMIT_USER_FACTOR",
                default: 10,
                in: 1...1_000,
                help: "How many times as many a signed-in user may make, wherever they come from"
            )
            return (
                isEnabled, general, general.map { SlidingWindow(length: $0.length, limit: $0.limit * factor) },
                LimitSettings.windows("RATE_LIMIT_LOGIN", "20/minute,200/hour,1000/day", of: "Logins", reader),
                LimitSettings.windows("RATE_LIMIT_SIGNUP", "5/minute,20/hour,100/day", of: "Sign-ups", reader),
                LimitSettings.windows("RATE_LIMIT_REFRESH", "30/minute,500/hour,5000/day", of: "Refreshes", reader)
            )
        }
        backoff = reader.group("Logins") { LoginBackoff(reader) }
    }

    private static func general(_ unit: WindowUnit, _ limit: Int, _ reader: ConfigurationReader) -> SlidingWindow {
        let limit = reader.integer(
            "RATE_LIMIT_PER_\(unit.rawValue.uppercased())",
            default: limit,
            in: 1...SlidingWindow.largestLimit,
            unit: "requests",
            help: "Most requests without a good token from one address, in any \(unit.rawValue)"
        )
        return unit.window(limit)
    }

    private static func windows(
        _ name: String,
        _ text: String,
        of what: String,
        _ reader: ConfigurationReader
    ) -> [SlidingWindow] {
        let windows = reader.values(
            name,
            default: text,
            help: "\(what) from one address, counted apart from other requests",
            expects: "limits such as 20/minute, 200/hour and 1000/day",
            parse: { SlidingWindow($0) }
        )
        if windows.isEmpty {
            reader.mistake(name, "names no limit", right: "give at least one")
        } else if Set(windows.map(\.length)).count < windows.count {
            reader.mistake(name, "names a unit twice", right: "give one limit for each")
        }
        return windows
    }
}

extension LoginBackoff {
    fileprivate init(_ reader: ConfigurationReader) {
        attempts = reader.integer(
            "LOGIN_ATTEMPTS",
            default: 5,
            in: 0...1_000_000,
            help: "Failed logins of an account before the next one has to wait; 0 never lets anybody wait"
        )
        first = reader.duration(
            "LOGIN_BACKOFF_FIRST",
            default: .seconds(1),
            in: .milliseconds(1) ... .seconds(86_400),
            help: "How long the first one waits"
        )
        factor = reader.integer(
            "LOGIN_BACKOFF_FACTOR",
            default: 2,
            in: 1...100,
            help: "How many times as long each further one waits"
        )
        longest = reader.duration(
            "LOGIN_BACKOFF_LONGEST",
            default: .seconds(900),
            in: .milliseconds(1) ... .seconds(7 * 86_400),
            help: "The longest wait"
        )
        forgetting = reader.duration(
            "LOGIN_BACKOFF_FORGET",
            default: .seconds(86_400),
            in: .seconds(1) ... .seconds(90 * 86_400),
            help: "After that long without a failure all are forgotten"
        )
        if longest < first {
            reader.mistake("LOGIN_BACKOFF_LONGEST", "is shorter than the first wait", right: "raise it")
        }
        if forgetting < longest {
            reader.mistake("LOGIN_BACKOFF_FORGET", "is shorter than the longest wait", right: "raise it")
        }
    }
}
