internal import Contract

/// A day of a chart in words: "15 Jan" for 2026-01-15.
enum ChartDay {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// What is no date stays as it is.
    static func words(_ date: String) -> String {
        let parts = date.split(separator: "-").map { Int($0) }
        guard parts.count == 3, let month = parts[1], let day = parts[2], (1...12).contains(month) else { return date }
        return "\(day) \(months[month - 1])"
    }
}
