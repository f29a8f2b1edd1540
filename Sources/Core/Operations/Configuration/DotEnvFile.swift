internal import Linux

/// The text of a `.env` file, taken apart.
///
/// A line is `NAME=value`, with or without `export` before it, a comment or blank. Values stand bare (a ` #` begins a
/// comment), between single quotes (literally) or between double quotes (with `\n \r \t \" \\ \$`). Nothing is expanded.
/// Any value may turn out to be a secret, so all are kept as secrets, and no message repeats one.
public struct DotEnvFile: Sendable {
    struct Entry: Sendable {
        let name: String
        let value: Secret
        let line: Int
    }

    /// The value in force for each name: that of its last line.
    let entries: [String: Entry]

    /// Lines that could not be read.
    public let mistakes: [ConfigurationMistake]

    /// Names that stand on several lines.
    public let warnings: [String]

    /// Larger than any configuration, small enough for a slip such as naming a device.
    static let largest = 1 << 20

    public init(_ text: String) {
        var lines: [String: [Entry]] = [:]
        var mistakes: [ConfigurationMistake] = []
        // Bytes, since to a Character the pair CR LF is one, and equal to neither.
        let bytes = text.utf8.starts(with: "\u{FEFF}".utf8) ? text.utf8.dropFirst(3) : text.utf8[...]
        let rows = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, row) in rows.enumerated() {
            let line = row.last == UInt8(ascii: "\r") ? row.dropLast() : row
            do throws(DotEnvLine.Malformed) {
                guard let parsed = try DotEnvLine.parse(line) else { continue }
                lines[parsed.name, default: []].append(
                    Entry(name: parsed.name, value: Secret(parsed.value), line: index + 1)
                )
            } catch {
                mistakes.append(ConfigurationMistake(".env line \(index + 1)", error.wrong, right: error.right))
            }
        }
        entries = lines.compactMapValues(\.last)
        warnings = lines.sorted { $0.key < $1.key }.compactMap { DotEnvFile.warning(name: $0.key, entries: $0.value) }
        self.mistakes = mistakes
    }

    private init(mistake: ConfigurationMistake) {
        entries = [:]
        mistakes = [mistake]
        warnings = []
    }

    /// Reads the file. A missing one is as good as an empty one; any other trouble is a mistake.
    public static func load(path: String) -> DotEnvFile {
        do throws(SystemError) {
            guard let bytes = try File.contents(path: path, limit: largest) else {
                return DotEnvFile(mistake: ConfigurationMistake(".env", "is larger than \(largest) bytes"))
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return DotEnvFile(mistake: ConfigurationMistake(".env", "is not UTF-8"))
            }
            return DotEnvFile(text)
        } catch {
            if error.isNotFound { return DotEnvFile("") }
            return DotEnvFile(mistake: ConfigurationMistake(".env", "can not be read (\(error))"))
        }
    }

    private static func warning(name: String, entries: [Entry]) -> String? {
        guard entries.count > 1, let last = entries.last else { return nil }
        let numbers = entries.map { "\($0.line)" }.joined(separator: ", ")
        return "\(name): stands on lines \(numbers) of .env; line \(last.line) wins"
    }
}
