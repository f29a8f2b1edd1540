internal import Contract

/// A day of a chart in words: "15 Jan" for 2026-01-15.
enum ChartDay {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// What is no date stays as it is.
    static func words(_ date: String) -> String {
        let bytes = date.utf8
        guard bytes.count == 10, let month = number(bytes.dropFirst(5).prefix(2)), let day = number(bytes.suffix(2)),
            months.indices.contains(month - 1)
        else { return date }
        return "\(day) \(months[month - 1])"
    }

    private static func number(_ digits: Substring.UTF8View) -> Int? { Int(Substring(digits)) }
}
