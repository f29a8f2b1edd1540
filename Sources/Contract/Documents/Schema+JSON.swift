public import JSON

/// JSON Schema 2020-12.
extension Schema: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    fileprivate func writeMembers(to schema: inout JSONWriter) {
        switch shape {
        case .text(let text):
            writeType("string", to: &schema)
            text.write(to: &schema)
        case .integer(let range):
            writeType("integer", to: &schema)
            schema.member("minimum", range.lowerBound)
            schema.member("maximum", range.upperBound)
        case .boolean: writeType("boolean", to: &schema)
        case .list(let element):
            writeType("array", to: &schema)
            schema.member("items", element)
        case .map(let value):
            writeType("object", to: &schema)
            schema.member("additionalProperties", value)
        case .anyObject: writeType("object", to: &schema)
        case .anything: break
        case .component(let component) where isNullable:
            schema.key("oneOf")
            schema.array { choices in
                choices.object { $0.member("$ref", component.reference) }
                choices.object { $0.member("type", "null") }
            }
        case .component(let component): schema.member("$ref", component.reference)
        }
    }

    private func writeType(_ name: String, to schema: inout JSONWriter) {
        if isNullable { schema.member("type", [name, "null"]) } else { schema.member("type", name) }
    }
}

extension Schema.Text {
    fileprivate func write(to schema: inout JSONWriter) {
        schema.member("format", ifPresent: format)
        if let lengths {
            schema.member("minLength", lengths.lowerBound)
            schema.member("maxLength", lengths.upperBound)
        }
        schema.member("pattern", ifPresent: pattern)
        if !values.isEmpty { schema.member("enum", values) }
    }
}

extension Component {
    var reference: String { "#/components/schemas/\(name)" }

    func write(to writer: inout JSONWriter) {
        writer.object { schema in
            schema.member("type", "object")
            schema.member("description", summary)
            schema.key("properties")
            schema.object { properties in
                for field in fields { properties.member(field.name, FieldSchema(field: field)) }
            }
            let required = fields.filter(\.isRequired).map(\.name)
            if !required.isEmpty { schema.member("required", required) }
            if !alternatives.isEmpty {
                schema.key("oneOf")
                schema.array { choices in
                    for name in alternatives { choices.object { $0.member("required", [name]) } }
                }
            }
            if isClosed { schema.member("additionalProperties", false) }
            schema.member("examples", [example])
        }
    }
}

/// A field's schema with what is said about the field.
private struct FieldSchema: JSONWritable {
    let field: Component.Field

    func write(to writer: inout JSONWriter) {
        writer.object { schema in
            if !field.note.isEmpty { schema.member("description", field.note) }
            field.schema.writeMembers(to: &schema)
        }
    }
}
