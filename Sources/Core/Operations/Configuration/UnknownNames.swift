/// Tells slips of the finger among the names that nobody declared.
///
/// A `.env` file is ours, so every strange name in it is worth a word. The environment is everybody's, so only names that
/// look like ours and come close to one of ours are.
struct UnknownNames {
    let mistakes: [ConfigurationMistake]
    let warnings: [String]

    /// - Parameters:
    ///   - known: what this program reads, in the order in which it is suggested.
    ///   - siblings: what other programs read from the same places.
    init(in source: ConfigurationSource, known: [String], siblings: Set<String>) {
        let expected = siblings.union(known)
        let nearest = NearestName(known)
        var mistakes: [ConfigurationMistake] = []
        var warnings: [String] = []
        for name in source.dotEnvNames.subtracting(expected).sorted() {
            if UnknownNames.looksLikeOurs(name), let meant = nearest.nearest(to: name) {
                mistakes.append(UnknownNames.slip(name, meant))
            } else {
                warnings.append("\(Excerpt(name)): unknown name in .env")
            }
        }
        for name in source.environmentNames.subtracting(expected).subtracting(source.dotEnvNames).sorted() {
            // Names without an underscore (SHELL, LOGNAME) are the system's.
            guard name.contains("_"), UnknownNames.looksLikeOurs(name) else { continue }
            if let meant = nearest.nearest(to: name) { mistakes.append(UnknownNames.slip(name, meant)) }
        }
        self.mistakes = mistakes
        self.warnings = warnings
    }

    private static func slip(_ name: String, _ meant: String) -> ConfigurationMistake {
        ConfigurationMistake(name, "unknown", right: "did you mean \(meant)?")
    }

    private static func looksLikeOurs(_ name: String) -> Bool { name.utf8.count >= 5 && isVariableName(name) }

    /// `[A-Z][A-Z0-9_]*`.
    static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
