/// Names that somebody may have meant.
enum CloseNames {
    /// Longer names are not compared.
    private static let longest = 100

    /// For the end of a message: `; did you mean users, or users/edit?`, or the few names there are, or nothing.
    static func hint(for name: String, among names: some Collection<String>) -> String {
        let close = names.map { ($0, distance(name, $0)) }
            .filter { $0.1 <= max(2, name.utf8.count / 3) }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
            .prefix(3).map(\.0)
        if !close.isEmpty { return "; did you mean \(close.joined(separator: ", or "))?" }
        return names.isEmpty || names.count > 8 ? "" : "; there is \(names.sorted().joined(separator: ", "))"
    }

    /// How many characters must be put in, left out or changed to make one name of the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        guard left.count <= longest, right.count <= longest else { return .max }
        var row = Array(0...right.count)
        for (index, scalar) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let changed = diagonal + (scalar == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
