import HTTPEngine
import Testing

/// The tree against the plainest thing that could do the same: try all routes and take the one that is best from left
/// to right.
@Suite struct RouteTrieModelTests {
    @Test func `random routes and paths are matched as by trying them all`() throws {
        var random = Xorshift(state: 0x9E37_79B9_7F4A_7C15)
        var found = 0
        for _ in 0..<300 {
            var trie = RouteTrie<Int>()
            for number in 0..<Int.random(in: 1...12, using: &random) {
                // Clashes are part of the game: the first route stays.
                try? trie.insert(.get, try PathPattern(pattern(&random)), number)
            }
            for _ in 0..<40 {
                let path = path(&random)
                let expected = trie.listing.compactMap { route in
                    rank(route.pattern, path).map { (rank: $0, value: route.value) }
                }
                .min { $0.rank.lexicographicallyPrecedes($1.rank) }?.value
                var actual: Int?
                if case .found(let value, _) = trie.lookup(.get, path) { actual = value }
                if actual != nil { found += 1 }
                if actual != expected {
                    Issue.record("\(path) in \(trie.listing.map(\.pattern)): \(actual as Any), not \(expected as Any)")
                }
            }
        }
        // The game is worth nothing unless paths often have routes.
        #expect(found > 3_000)
    }

    private func pattern(_ random: inout Xorshift) -> String {
        let count = Int.random(in: 1...4, using: &random)
        let segments = (0..<count).map { position in
            // A rest may only be the last.
            switch Int.random(in: 0..<(position == count - 1 ? 8 : 6), using: &random) {
            case 0...2: literal(&random)
            case 3...5: "{p\(position)}"
            default: "{r\(position)...}"
            }
        }
        return "/" + segments.joined(separator: "/")
    }

    private func path(_ random: inout Xorshift) -> String {
        let segments = (0..<Int.random(in: 1...4, using: &random)).map { _ in literal(&random) }
        return "/" + segments.joined(separator: "/")
    }

    private func literal(_ random: inout Xorshift) -> String { ["a", "b", "c"][Int.random(in: 0...2, using: &random)] }

    /// Nil when the path does not have the pattern's shape, else 0 for each literal, 1 for a parameter, 2 for the rest.
    private func rank(_ pattern: PathPattern, _ path: String) -> [Int]? {
        var rest = path.split(separator: "/")[...]
        var rank: [Int] = []
        for segment in pattern.segments {
            guard let next = rest.popFirst() else { return nil }
            switch segment {
            case .literal(let text):
                guard text == next else { return nil }
                rank.append(0)
            case .parameter:
                rank.append(1)
            case .rest:
                rank.append(2)
                rest = []
            }
        }
        return rest.isEmpty ? rank : nil
    }
}

/// The same numbers in every run.
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
