/// How much a line matters, from what only a developer reads to what must wake somebody up.
public enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, notice, warning, error, critical
}

extension LogLevel: Comparable {
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .notice: 2
        case .warning: 3
        case .error: 4
        case .critical: 5
        }
    }

    /// The name as the text format shows it: five columns or more, so that most messages begin in the same one.
    var label: String {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTICE"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }
}
