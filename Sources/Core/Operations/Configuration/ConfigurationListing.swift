/// Prints what a program was configured with, for operators, and what it can be configured with, for its README.
public struct ConfigurationListing: Sendable {
    /// What stands for a value that is not there.
    static let unset = "(unset)"

    private let groups: [(title: String, options: [ConfigurationOption])]

    /// Groups stand in the order of their first variable; a group that was opened twice is printed once.
    public init(_ options: [ConfigurationOption]) {
        var groups: [(title: String, options: [ConfigurationOption])] = []
        for option in options {
            if let index = groups.firstIndex(where: { $0.title == option.group }) {
                groups[index].options.append(option)
            } else {
                groups.append((option.group, [option]))
            }
        }
        self.groups = groups
    }

    /// The values in force, one `NAME=value  # source` a line. What is set and no secret reads back as a `.env` file.
    public var text: String {
        let width = groups.flatMap(\.options).map { TextColumns.width(assignment($0)) }.filter { $0 <= 60 }.max() ?? 0
        return groups.map { group in
            let lines = group.options.map { option in
                "\(TextColumns.padded(assignment(option), to: width))  # \(option.source.rawValue)\n"
            }
            return "# \(group.title)\n" + lines.joined()
        }
        .joined(separator: "\n")
    }

    private func assignment(_ option: ConfigurationOption) -> String {
        switch option.value {
        case nil: "\(option.name)=\(ConfigurationListing.unset)"
        case let value? where option.isSecret: "\(option.name)=\(value)"
        case let value?: "\(option.name)=\(DotEnvLine.written(value))"
        }
    }

    /// One table for each group, under a heading of the given level.
    public func markdown(headingLevel: Int = 3) -> String {
        groups.map { group in
            let heading = String(repeating: "#", count: headingLevel)
            let rows = group.options.map { "| `\($0.name)` | \(meaning($0)) | \(standard($0)) |\n" }
            return """
                \(heading) \(group.title)

                | Variable | Meaning | Default |
                |---|---|---|

                """ + rows.joined()
        }
        .joined(separator: "\n")
    }

    private func meaning(_ option: ConfigurationOption) -> String {
        let file = option.isSecret ? ", or its file in `\(ConfigurationReader.fileName(option.name))`" : ""
        return cell("\(option.help) (\(option.kind)\(file))")
    }

    private func standard(_ option: ConfigurationOption) -> String {
        switch option.defaultText {
        case nil: "unset"
        case ""?: "empty"
        case let text?: "`\(cell(text))`"
        }
    }

    /// A bar would end the cell, a line break the table.
    private func cell(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "|": result += "\\|"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
    }
}
