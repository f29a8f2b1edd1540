/// A text in small letters, and beside it the same with everything undone that people do to a word to make a password of
/// it: `P@ssw0rd` is folded to what `password` is folded to.
struct FoldedText {
    private(set) var plain: [Unicode.Scalar]
    /// As many scalars as `plain`.
    private(set) var folded: [Unicode.Scalar]

    init(_ text: some StringProtocol) {
        plain = Array(text.lowercased().unicodeScalars)
        folded = plain.map(FoldedText.letter)
    }

    /// The letter that a digit or a sign stands for. `l` and `i` become one, since `1` stands for both.
    static func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "0": "o"
        case "1", "!", "|", "l": "i"
        case "3", "€": "e"
        case "4", "@": "a"
        case "5", "$": "s"
        case "6", "9": "g"
        case "7", "+": "t"
        case "8": "b"
        case "(": "c"
        default: scalar
        }
    }

    /// Takes out every place where the folded text is `name`.
    mutating func remove(_ name: [Unicode.Scalar]) {
        if name.isEmpty { return }
        var position = 0
        while position + name.count <= folded.count {
            let range = position..<position + name.count
            if folded[range].elementsEqual(name) {
                plain.removeSubrange(range)
                folded.removeSubrange(range)
            } else {
                position += 1
            }
        }
    }

    /// The folded words it may be, each with what was hung on it: `$ecret1!` is `secretii`, `secreti`, `secret`, `ecret`
    /// and so on, since a digit or a sign at either end may stand for a letter or for nothing.
    var readings: some Sequence<(word: ArraySlice<Unicode.Scalar>, ornament: [Unicode.Scalar])> {
        // Between letters everything is the word's; without any, between digits.
        let isInner: (Unicode.Scalar) -> Bool =
            plain.contains(where: \.properties.isAlphabetic)
            ? { $0.properties.isAlphabetic } : { $0.properties.numericType != nil }
        let first = plain.firstIndex(where: isInner) ?? 0
        let last = plain.lastIndex(where: isInner) ?? plain.count - 1
        return (0...first).lazy.flatMap { start in
            (last + 1...max(last + 1, plain.count)).lazy.map { end in
                (folded[start..<end], Array(plain[..<start] + plain[end...]))
            }
        }
    }
}
