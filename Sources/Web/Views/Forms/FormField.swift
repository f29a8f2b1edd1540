internal import Contract
internal import Mustache

/// A field of a form, with its label above, its help below and what is wrong with it in between.
struct FormField: Sendable {
    enum Kind: String, Sendable {
        case text
        case email
        case password
        case date
    }

    /// As it is posted.
    let name: String
    let kind: Kind
    let label: String
    var help: String?
    /// What the browser fills in by itself (HTML § autofill).
    var autocomplete: String
    var isRequired = true
    /// What was typed before. What was typed as a password is not shown again.
    var value = ""
    /// What the identifiers on the page begin with, where two forms have a field of one name.
    var prefix = ""
    /// Whether typing can begin at once.
    var isFirst = false

    var id: String { prefix + name }

    func value(_ problems: FormProblems) -> MustacheValue {
        let messages = problems.fields[name]
        let described = (messages.isEmpty ? [] : ["\(id)-problem"]) + (help == nil ? [] : ["\(id)-help"])
        return [
            "id": .string(id),
            "name": .string(name),
            "type": .string(kind.rawValue),
            "label": .string(label),
            "value": kind == .password ? .null : .string(value),
            "autocomplete": .string(autocomplete),
            "is_required": .boolean(isRequired),
            "is_first": .boolean(isFirst),
            "is_verbatim": .boolean(kind == .text || kind == .email),
            "described_by": described.isEmpty ? .null : .string(described.joined(separator: " ")),
            "problem": messages.isEmpty ? .null : .string(messages.joined(separator: " ")),
            "help": MustacheValue(help),
        ]
    }
}
