internal import Ephemeral
internal import HTTPEngine
internal import Linux

/// The windows of one class of requests, with what answers say of them.
///
/// The fields are those of the IETF draft "RateLimit header fields for HTTP": a `RateLimit-Policy` with every window
/// (`"minute";q=60;w=60, …`), and a `RateLimit` with the one that leaves least (`"minute";r=12`), and when there is room
/// again if it leaves nothing (`;t=30`).
struct LimitPolicy: Sendable {
    let windows: [SlidingWindow]
    private let names: [String]
    private let description: String

    init(_ windows: [SlidingWindow]) {
        precondition(!windows.isEmpty, "a policy has a window")
        self.windows = windows
        names = windows.map { "\"\(WindowUnit(length: $0.length)?.rawValue ?? "window")\"" }
        description = zip(names, windows).map { "\($0);q=\($1.limit);w=\($1.length.components.seconds)" }
            .joined(separator: ", ")
    }

    func report(_ outcome: HitOutcome) throws(RateLimitExceeded) -> LimitReport {
        // The first of several that leave as little, unless a later one keeps the caller waiting for longer.
        var least = 0
        for (index, state) in outcome.windows.enumerated() {
            let held = outcome.windows[least]
            if (state.remaining, held.retryAfter) < (held.remaining, state.retryAfter) { least = index }
        }
        let state = outcome.windows[least]
        var value = "\(names[least]);r=\(state.remaining)"
        if state.remaining == 0 { value += ";t=\(state.retryAfter.wholeSecondsUp)" }
        let report = LimitReport(policy: description, state: value)
        guard outcome.isAllowed else {
            throw RateLimitExceeded(report: report, retryAfter: state.retryAfter)
        }
        return report
    }
}

/// What an answer says of the limit its request was counted against.
struct LimitReport: Equatable, Sendable {
    let policy: String
    let state: String

    func add(to fields: inout HTTPFields) {
        fields.append(.rateLimitPolicy, policy)
        fields.append(.rateLimit, state)
    }
}

/// One request more than a window takes.
struct RateLimitExceeded: Error, Equatable, Sendable {
    let report: LimitReport
    let retryAfter: Duration
}

extension HTTPFieldName {
    static let rateLimit = HTTPFieldName("RateLimit")
    static let rateLimitPolicy = HTTPFieldName("RateLimit-Policy")
}

extension Duration {
    /// Who waits for that many has waited long enough; at least one.
    var wholeSecondsUp: Int64 { max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)) }
}
