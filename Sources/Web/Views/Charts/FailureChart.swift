internal import Contract
internal import Mustache

/// Failed sign-ins as a bar for each day.
struct FailureChart {
    let days: [StatisticsDay]

    private static let height = 120.0

    var value: MustacheValue {
        guard let first = days.first else { return .null }
        let counts = days.map(\.failedSignIns)
        let scale = ChartScale(reaching: counts.max() ?? 0, height: FailureChart.height)
        let step = 100 / Double(days.count)
        let bars = days.enumerated().map { index, day in
            let top = scale.y(day.failedSignIns)
            return MustacheValue.object([
                "x": .string(ChartNumber.text(Double(index) * step)),
                "y": .string(ChartNumber.text(top)),
                "height": .string(ChartNumber.text(FailureChart.height - top)),
            ])
        }
        return [
            "summary": .string(summary),
            "bar_width": .string(ChartNumber.text(step * 0.7)),
            "bars": .list(bars),
            "top": .string(CountInWords.grouped(scale.top)),
            "middle": .string(CountInWords.grouped(scale.top / 2)),
            "from": .string(ChartDay.words(first.date)),
            "days": .list(days.reversed().map { FailureChart.row($0) }),
        ]
    }

    private var summary: String {
        let total = days.reduce(0) { $0 + $1.failedSignIns }
        guard total > 0, let worst = days.max(by: { $0.failedSignIns < $1.failedSignIns }) else {
            return "No failed sign-in in \(span)."
        }
        return "\(CountInWords.count(total, "failed sign-in", "failed sign-ins")) in \(span), "
            + "most on \(ChartDay.words(worst.date)) (\(CountInWords.grouped(worst.failedSignIns)))."
    }

    private var span: String { CountInWords.count(days.count, "day", "days") }

    private static func row(_ day: StatisticsDay) -> MustacheValue {
        [
            "date": .string(day.date),
            "words": .string(ChartDay.words(day.date)),
            "count": .string(CountInWords.grouped(day.failedSignIns)),
        ]
    }
}
