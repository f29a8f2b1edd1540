/// Reads and writes whole numbers that carry a unit: `500ms`, `30d`, `64k`, `10MiB`.
struct NumberWithUnit: Sendable {
    struct Unit: Sendable {
        /// In lower case; the first one is written, all are read.
        let names: [String]
        let factor: Int64
    }

    /// What a number without unit counts.
    let plainFactor: Int64
    /// From the largest to the smallest.
    let units: [Unit]

    /// Time, counted in milliseconds. A plain number is seconds, as in the names of most variables.
    static let milliseconds = NumberWithUnit(
        plainFactor: 1_000,
        units: [
            Unit(names: ["d"], factor: 86_400_000),
            Unit(names: ["h"], factor: 3_600_000),
            Unit(names: ["m"], factor: 60_000),
            Unit(names: ["s"], factor: 1_000),
            Unit(names: ["ms"], factor: 1),
        ]
    )

    /// Sizes, counted in bytes. As in nginx `k` is 1024; `kB` is left out, since people disagree about what it means.
    static let bytes = NumberWithUnit(
        plainFactor: 1,
        units: [
            Unit(names: ["g", "gib"], factor: 1 << 30),
            Unit(names: ["m", "mib"], factor: 1 << 20),
            Unit(names: ["k", "kib"], factor: 1 << 10),
        ]
    )

    /// Nil for anything but digits and a known unit, and for what does not fit 64 bits.
    func parse(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), let factor = factor(of: text.dropFirst(digits.count)) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    private func factor(of unit: Substring) -> Int64? {
        if unit.isEmpty { return plainFactor }
        let name = unit.lowercased()
        return units.first { $0.names.contains(name) }?.factor
    }

    /// In the largest unit that leaves no rest, so that what is written reads back as the same.
    func text(_ value: Int64) -> String {
        guard value != 0, let unit = units.first(where: { value.isMultiple(of: $0.factor) }) else { return "\(value)" }
        return "\(value / unit.factor)\(unit.names[0])"
    }
}
