internal import Contract
internal import Mustache

/// `/admin`: how the service is used, and how it is.
struct OverviewView: PageView {
    static let template = "overview"

    let statistics: StatisticsBody
    /// The last ten lines of the audit.
    let entries: [AuditEntryBody]

    let title = "Overview"
    let place: Navigation.Place? = .overview

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [
            ("figures", .list(figures)),
            ("activity", ActivityChart(days: statistics.days).value),
            ("failures", FailureChart(days: statistics.days).value),
            ("states", StateBar(users: statistics.users).value),
            ("rows", .list(entries.map { AuditRow(entry: $0).value(in: frame) })),
            ("audit", .string(PageAddress.audit)),
            ("stores", .list(statistics.stores.map { OverviewView.store($0) })),
            ("is_well", .boolean(statistics.stores.allSatisfy { $0.condition == .good })),
        ]
    }

    private var figures: [MustacheValue] {
        let today = statistics.days.last
        let yesterday = statistics.days.dropLast().last
        return [
            figure("Users", statistics.users.total, note: since(today?.signUps, "signed up")),
            // Each sign-in begins one. How many there were yesterday nobody has counted.
            figure("Active sessions", statistics.liveSessions, note: since(today?.signIns, "begun")),
            figure("Sign-ins today", today?.signIns ?? 0, note: change(today?.signIns, yesterday?.signIns)),
            figure(
                "Failed today",
                today?.failedSignIns ?? 0,
                note: change(today?.failedSignIns, yesterday?.failedSignIns)
            ),
        ]
    }

    private func figure(_ name: String, _ count: Int, note: String) -> MustacheValue {
        ["name": .string(name), "count": .string(CountInWords.grouped(count)), "note": .string(note)]
    }

    private func since(_ count: Int?, _ words: String) -> String {
        guard let count else { return "nothing to compare with" }
        return (count == 0 ? "none" : CountInWords.grouped(count)) + " \(words) since yesterday"
    }

    private func change(_ today: Int?, _ yesterday: Int?) -> String {
        guard let today, let yesterday else { return "nothing to compare with" }
        let difference = today - yesterday
        if difference == 0 { return "as many as yesterday" }
        return difference > 0
            ? "\(CountInWords.grouped(difference)) more than yesterday"
            : "\(CountInWords.grouped(-difference)) fewer than yesterday"
    }

    private static func store(_ store: StoreHealth) -> MustacheValue {
        let condition =
            switch store.condition {
            case .good: "answers"
            case .degraded: "answers slowly or in part"
            case .down: "does not answer"
            }
        let latency = store.latencyMicroseconds.map { " in \(milliseconds($0)) ms" } ?? ""
        return [
            "name": .string(name(of: store)),
            "words": .string(condition + (store.condition == .down ? "" : latency)),
            "is_well": .boolean(store.condition == .good),
        ]
    }

    private static func name(of store: StoreHealth) -> String {
        if let product = store.product { return product }
        return switch store.name {
        case "database": "Database"
        case "ephemeral": "Fast store"
        default: store.name
        }
    }

    /// "0.18", "12.4": three digits at most.
    private static func milliseconds(_ microseconds: Int) -> String {
        let hundredths = (microseconds + 5) / 10
        if hundredths >= 10_000 { return CountInWords.grouped(hundredths / 100) }
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
