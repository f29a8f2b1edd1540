/// Finds the name that was probably meant by one that does not exist.
struct NearestName {
    private let names: [(text: String, bytes: [UInt8])]

    /// Of two names that are equally near, the one that comes first here is found.
    init(_ names: some Sequence<String>) {
        self.names = names.map { ($0, Array($0.utf8)) }
    }

    /// Nil when nothing is near enough to be a slip of the finger.
    func nearest(to word: String) -> String? {
        let bytes = Array(word.utf8)
        var limit = NearestName.tolerance(length: bytes.count)
        var found: String?
        for name in names where limit >= 0 {
            guard let distance = NearestName.distance(bytes, name.bytes, limit: limit) else { continue }
            found = name.text
            // Only something strictly nearer can still win.
            limit = distance - 1
        }
        return found
    }

    /// How many slips are forgiven: with more, short words resemble everything.
    static func tolerance(length: Int) -> Int {
        switch length {
        case ..<3: 0
        case ..<8: 1
        default: 2
        }
    }

    /// Damerau and Levenshtein's distance in its restricted form (optimal string alignment): insertions, deletions,
    /// substitutions and swaps of neighbours that turn one word into the other. Nil when it is above the limit.
    static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
        // Every byte of difference in length is an insertion. This settles most pairs without any table.
        guard abs(left.count - right.count) <= limit else { return nil }
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var best = min(
                    previous[column + 1] + 1,
                    current[column] + 1,
                    previous[column] + (left[row] == right[column] ? 0 : 1)
                )
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }
}
