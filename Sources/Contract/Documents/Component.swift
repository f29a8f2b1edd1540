internal import JSON

/// An object that has a name in the documents: the shape of one type of body.
public struct Component: Sendable {
    struct Field: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
        let note: String

        init(_ name: String, _ schema: Schema, isRequired: Bool = true, _ note: String = "") {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
            self.note = note
        }

        static func optional(_ name: String, _ schema: Schema, _ note: String = "") -> Field {
            Field(name, schema, isRequired: false, note)
        }
    }

    public let name: String
    let summary: String
    let fields: [Field]
    /// Of these exactly one is given.
    let alternatives: [String]
    /// Whether other fields are refused.
    let isClosed: Bool
    let example: JSONFragment

    /// What is sent: fields that are not listed are refused.
    static func request(
        _ name: String,
        _ summary: String,
        example: some JSONWritable,
        oneOf alternatives: [String] = [],
        _ fields: [Field]
    ) -> Component {
        Component(name, summary, fields, alternatives, isClosed: true, JSONFragment(example))
    }

    /// What is answered: it may have more fields one day.
    static func answer(_ name: String, _ summary: String, example: some JSONWritable, _ fields: [Field]) -> Component {
        Component(name, summary, fields, [], isClosed: false, JSONFragment(example))
    }

    private init(
        _ name: String,
        _ summary: String,
        _ fields: [Field],
        _ alternatives: [String],
        isClosed: Bool,
        _ example: JSONFragment
    ) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.alternatives = alternatives
        self.isClosed = isClosed
        self.example = example
    }
}
