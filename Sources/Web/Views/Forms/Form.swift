internal import Contract
internal import Mustache

/// A form as its template needs it: where it goes, its fields, and what is wrong.
struct Form: Sendable {
    let action: String
    var fields: [FormField] = []
    var boxes: [FormBox] = []
    var hidden: [(name: String, value: String)] = []
    var problems = FormProblems.none

    var value: MustacheValue {
        [
            "action": .string(action),
            "fields": .list(fields.map { $0.value(problems) }),
            "boxes": .list(boxes.map { $0.value(problems) }),
            "hidden": .list(hidden.map { ["name": .string($0.name), "value": .string($0.value)] }),
            "summary": summary,
        ]
    }

    /// What is wrong in one place at the top, with links to the fields. What is wrong with a field that the form does
    /// not have stands there as well, so that nothing is kept from the person.
    private var summary: MustacheValue {
        guard !problems.isEmpty else { return .null }
        let known = fields.map { ($0.name, $0.id, $0.label) } + boxes.map { ($0.name, $0.id, $0.label) }
        var entries: [MustacheValue] = []
        if let message = problems.message { entries.append(Form.entry(address: nil, message)) }
        for entry in problems.fields.entries {
            let field = known.first { $0.0 == entry.name }
            for message in entry.messages {
                entries.append(Form.entry(address: field.map { "#\($0.1)" }, "\(field?.2 ?? entry.name): \(message)"))
            }
        }
        return ["entries": .list(entries), "is_several": .boolean(entries.count > 1), "is_first": .boolean(isFirst)]
    }

    /// Whether the page begins here, for who can not see it as a whole.
    private var isFirst: Bool { !fields.contains { $0.isFirst } }

    private static func entry(address: String?, _ message: String) -> MustacheValue {
        ["address": MustacheValue(address), "message": .string(message)]
    }
}
