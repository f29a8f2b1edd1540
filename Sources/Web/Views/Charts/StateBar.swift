internal import Contract
internal import Mustache

/// The users as one bar in three parts: administrators, others, and those who are switched off.
struct StateBar {
    let users: StatisticsBody.Users

    var value: MustacheValue {
        guard users.total > 0 else { return .null }
        // Some administrators may be switched off: then their part is the larger, and the words tell the numbers.
        let administrators = min(users.administrators, users.active)
        let share = { (count: Int) in ChartNumber.text(Double(count) / Double(users.total) * 100) }
        return [
            "administrators": .string(share(administrators)),
            "active": .string(share(users.active)),
            "summary": .string(summary),
        ]
    }

    private var summary: String {
        "\(CountInWords.grouped(users.active)) active, \(CountInWords.grouped(users.inactive)) switched off; "
            + CountInWords.count(users.administrators, "administrator", "administrators")
    }
}
