/// What no list can hold because there is too much of it: `aaaaaaaa`, `45678901`, `qwer1234`, `24121987`.
enum PredictablePassword {
    /// Takes small letters. Nobody tries beyond 64 characters, so whoever types a hundred times the same is welcome.
    static func matches(_ text: some Collection<Unicode.Scalar>) -> Bool {
        if text.count > 64 { return false }
        let values = text.map(\.value)
        return Set(values).count < 4 || isMadeOfRuns(values) || isDate(values)
    }

    /// At most one run for every four characters. A run goes on for as long as each step is the one before: the same
    /// character again, the next or last one of the alphabet, a neighbour on the keyboard.
    private static func isMadeOfRuns(_ values: [UInt32]) -> Bool {
        var runs = 1
        var possible = Step.allCases
        for (one, other) in zip(values, values.dropFirst()) {
            possible = possible.filter { $0.leads(from: one, to: other) }
            if possible.isEmpty {
                runs += 1
                possible = Step.allCases
            }
        }
        return runs * 4 <= values.count
    }

    /// Eight digits with the year, month and day of this century or the last in one of the usual orders, and what is usually
    /// put between them.
    private static func isDate(_ values: [UInt32]) -> Bool {
        let between = Set("-./ ".unicodeScalars.map(\.value))
        let digits = values.filter { !between.contains($0) }.map { Int($0) - 0x30 }
        guard digits.count == 8, digits.allSatisfy((0...9).contains) else { return false }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let orders = [
            (year: 0..<4, month: 4..<6, day: 6..<8), (year: 4..<8, month: 2..<4, day: 0..<2),
            (year: 4..<8, month: 0..<2, day: 2..<4),
        ]
        return orders.contains { order in
            (1900...2099).contains(number(order.year)) && (1...12).contains(number(order.month))
                && (1...31).contains(number(order.day))
        }
    }

    private enum Step: CaseIterable {
        case same
        case up
        case down
        case right
        case left
        /// From a key to the one under it, as in `1qaz`.
        case below
        case above

        func leads(from one: UInt32, to other: UInt32) -> Bool {
            switch self {
            case .same: other == one
            case .up: other == one + 1 && Step.isAlphanumeric(one) && Step.isAlphanumeric(other)
            case .down: Step.up.leads(from: other, to: one)
            case .right: Step.isBeside(one, other)
            case .left: Step.isBeside(other, one)
            case .below: Step.isUnder(one, other)
            case .above: Step.isUnder(other, one)
            }
        }

        private static func isAlphanumeric(_ value: UInt32) -> Bool {
            (0x30...0x39).contains(value) || (0x61...0x7A).contains(value)
        }

        private static func isBeside(_ one: UInt32, _ other: UInt32) -> Bool {
            keyboard.contains { row in zip(row, row.dropFirst()).contains { $0 == one && $1 == other } }
        }

        private static func isUnder(_ one: UInt32, _ other: UInt32) -> Bool {
            zip(keyboard, keyboard.dropFirst()).contains { upper, lower in
                zip(upper, lower).contains { $0 == one && $1 == other }
            }
        }

        /// The other layouts differ in a few places only: `qwertz` and `azerty` are in the list.
        private static let keyboard = ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"].map {
            $0.unicodeScalars.map(\.value)
        }
    }
}
