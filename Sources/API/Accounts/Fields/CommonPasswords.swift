/// The passwords that are tried first.
///
/// A list of words and a few rules stand for millions: capitals, letters written as digits or signs, numbers and signs
/// before and behind, a word said twice, runs on the keyboard, dates. The list was written for this program and is no
/// copy of another.
struct CommonPasswords: Sendable {
    static let standard = CommonPasswords(words: [secrets, walks, things, pastimes, places, names, foreign])

    /// Of the folded words, in order: eight bytes for each. Two in 2^64 share one, and then a good password is refused once.
    private let fingerprints: [UInt64]

    /// - Parameter words: in small letters, with blanks and line ends between them.
    init(words: [String]) {
        var found: Set<UInt64> = []
        for list in words {
            for word in list.unicodeScalars.split(whereSeparator: \.properties.isWhitespace) {
                found.insert(CommonPasswords.fingerprint(word.lazy.map(FoldedText.letter)))
            }
        }
        fingerprints = found.sorted()
    }

    var count: Int { fingerprints.count }

    func contains(_ password: String) -> Bool { contains(FoldedText(password)) }

    func contains(_ password: FoldedText) -> Bool {
        if PredictablePassword.matches(password.plain) { return true }
        // Longer than a word with ornaments, or the same said again: no need to look for every end it may have.
        if password.plain.count > CommonPasswords.longestGuess { return false }
        return password.readings.contains { word, ornament in
            // A word with a long number behind is hard to guess, unless the number is not.
            let isShort = ornament.count <= CommonPasswords.longestOrnament
            return (isShort || PredictablePassword.matches(ornament)) && isListed(word)
        }
    }

    private func isListed(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        isListed(CommonPasswords.fingerprint(word)) || isListed(CommonPasswords.fingerprint(block(of: word)))
    }

    private func isListed(_ fingerprint: UInt64) -> Bool {
        var (low, high) = (0, fingerprints.count)
        while low < high {
            let middle = (low + high) / 2
            if fingerprints[middle] == fingerprint { return true }
            if fingerprints[middle] < fingerprint { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// What a word repeats, itself when it repeats nothing: `abab` is `ab` again.
    private func block(of word: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        let lengths = stride(from: 1, through: word.count / 2, by: 1)
        let length = lengths.first { length in
            word.count.isMultiple(of: length) && word.dropFirst(length).elementsEqual(word.dropLast(length))
        }
        return word.prefix(length ?? word.count)
    }

    /// FNV-1a, over scalars in place of bytes.
    private static func fingerprint(_ scalars: some Sequence<Unicode.Scalar>) -> UInt64 {
        scalars.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1.value)) &* 0x100_0000_01B3 }
    }

    private static let longestOrnament = 8
    private static let longestGuess = 64
}
