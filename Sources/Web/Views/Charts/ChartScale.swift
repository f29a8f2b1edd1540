/// The vertical axis of a chart: from zero to a round number that nothing passes.
struct ChartScale {
    /// The value at the top.
    let top: Int
    /// How high the drawing is, in pixels.
    let height: Double

    init(reaching largest: Int, height: Double) {
        top = ChartScale.roundNumber(atLeast: largest)
        self.height = height
    }

    /// From the upper edge, as SVG counts.
    func y(_ value: Int) -> Double { height - Double(value) / Double(top) * height }

    /// The least of 2, 4, 6, 8, 10 and their tenfolds: each has a whole number in its middle.
    private static func roundNumber(atLeast value: Int) -> Int {
        var unit = 1
        while value > unit * 10, unit <= Int.max / 100 { unit *= 10 }
        let step = [2, 4, 6, 8, 10].first { $0 * unit >= value } ?? 10
        return step * unit
    }
}

/// Numbers as SVG takes them: at most one digit behind the point, which is finer than a pixel.
enum ChartNumber {
    static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
    }
}
