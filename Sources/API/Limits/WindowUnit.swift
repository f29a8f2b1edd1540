internal import Ephemeral

/// The lengths of windows that people count requests in.
enum WindowUnit: String, CaseIterable {
    case minute
    case hour
    case day

    init?(length: Duration) {
        guard let unit = WindowUnit.allCases.first(where: { $0.length == length }) else { return nil }
        self = unit
    }

    var length: Duration {
        switch self {
        case .minute: .seconds(60)
        case .hour: .seconds(3_600)
        case .day: .seconds(86_400)
        }
    }

    func window(_ limit: Int) -> SlidingWindow { SlidingWindow(length: length, limit: limit) }
}

extension SlidingWindow {
    static let largestLimit = 1_000_000

    /// Reads `20/minute`, `200/hour` or `1000/day`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let limit = Int(parts[0]),
            (1...SlidingWindow.largestLimit).contains(limit), let unit = WindowUnit(rawValue: String(parts[1]))
        else { return nil }
        self = unit.window(limit)
    }
}
