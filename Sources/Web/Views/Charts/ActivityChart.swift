internal import Contract
internal import Mustache

/// Sign-ins as an area and sign-ups as a line, day by day.
///
/// The drawing is stretched to the width there is (`preserveAspectRatio="none"`); words are placed around it in shares of
/// the width, so that they keep their size on a phone.
struct ActivityChart {
    let days: [StatisticsDay]

    private static let height = 160.0
    /// Words on top of each other can not be read.
    private static let lineHeight = 18.0

    var value: MustacheValue {
        guard let first = days.first, let last = days.last else { return .null }
        let scale = ChartScale(
            reaching: days.map { max($0.signIns, $0.signUps) }.max() ?? 0,
            height: ActivityChart.height
        )
        let signIns = ActivityChart.line(days.map { scale.y($0.signIns) })
        let width = max(1, days.count - 1)
        let labels = ActivityChart.labels(scale.y(last.signIns), scale.y(last.signUps))
        return [
            "summary": .string(summary),
            "width": .integer(width),
            "area": .string("M0 160L\(signIns)L\(width) 160Z"),
            "sign_ins": .string("M\(signIns)"),
            "sign_ups": .string("M" + ActivityChart.line(days.map { scale.y($0.signUps) })),
            "sign_ins_today": .string(CountInWords.count(last.signIns, "sign-in", "sign-ins")),
            "sign_ups_today": .string(CountInWords.count(last.signUps, "sign-up", "sign-ups")),
            "sign_ins_label": .string(ChartNumber.text(labels.0)),
            "sign_ups_label": .string(ChartNumber.text(labels.1)),
            "top": .string(CountInWords.grouped(scale.top)),
            "middle": .string(CountInWords.grouped(scale.top / 2)),
            "from": .string(ChartDay.words(first.date)),
            "halfway": .string(ChartDay.words(days[days.count / 2].date)),
            "days": .list(days.reversed().map { ActivityChart.row($0) }),
        ]
    }

    private var summary: String {
        let signIns = days.reduce(0) { $0 + $1.signIns }
        let signUps = days.reduce(0) { $0 + $1.signUps }
        let best = signIns == 0 ? nil : days.max { $0.signIns < $1.signIns }
        let most = best.map { ", most on \(ChartDay.words($0.date)) (\(CountInWords.grouped($0.signIns)))" } ?? ""
        let span = CountInWords.count(days.count, "day", "days")
        return "\(CountInWords.count(signIns, "sign-in", "sign-ins")) in \(span)\(most); "
            + "\(CountInWords.count(signUps, "sign-up", "sign-ups"))."
    }

    /// One step to the right for each day.
    private static func line(_ heights: [Double]) -> String {
        heights.enumerated().map { "\($0.offset) \(ChartNumber.text($0.element))" }.joined(separator: "L")
    }

    /// Where the words at the ends of both lines stand: beside the ends, and apart from each other.
    private static func labels(_ signIns: Double, _ signUps: Double) -> (Double, Double) {
        let distance = signUps - signIns
        guard distance.magnitude < lineHeight else { return (signIns, signUps) }
        let middle = min(max((signIns + signUps) / 2, lineHeight / 2), height - lineHeight / 2)
        let half = distance < 0 ? -lineHeight / 2 : lineHeight / 2
        return (middle - half, middle + half)
    }

    private static func row(_ day: StatisticsDay) -> MustacheValue {
        [
            "date": .string(day.date),
            "words": .string(ChartDay.words(day.date)),
            "sign_ins": .string(CountInWords.grouped(day.signIns)),
            "sign_ups": .string(CountInWords.grouped(day.signUps)),
        ]
    }
}
