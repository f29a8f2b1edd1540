/// What a field of a log line may hold.
///
/// There is deliberately no initializer that takes just anything: a value reaches the log because somebody wrote down
/// what it is. A secret has one spelling, `.masked`.
public enum LogValue: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case number(Double)
    /// Shown in seconds, to the microsecond.
    case duration(Duration)
    /// Shown as `****`.
    case masked

    /// What an error says of itself to the log: its `debugDescription` if it has one.
    public static func error(_ error: any Error) -> LogValue { .string(String(reflecting: error)) }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .string(value) }

    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension LogValue: ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral {
    public init(booleanLiteral value: Bool) { self = .boolean(value) }

    public init(floatLiteral value: Double) { self = .number(value) }
}
