internal import Contract
internal import Mustache

/// A box to be ticked. It posts `true`, and nothing when it is not ticked.
struct FormBox: Sendable {
    let name: String
    let label: String
    var help: String?
    var isTicked = false
    var prefix = ""

    var id: String { prefix + name }

    func value(_ problems: FormProblems) -> MustacheValue {
        let messages = problems.fields[name]
        let described = (messages.isEmpty ? [] : ["\(id)-problem"]) + (help == nil ? [] : ["\(id)-help"])
        return [
            "id": .string(id),
            "name": .string(name),
            "label": .string(label),
            "is_ticked": .boolean(isTicked),
            "described_by": described.isEmpty ? .null : .string(described.joined(separator: " ")),
            "problem": messages.isEmpty ? .null : .string(messages.joined(separator: " ")),
            "help": MustacheValue(help),
        ]
    }
}
