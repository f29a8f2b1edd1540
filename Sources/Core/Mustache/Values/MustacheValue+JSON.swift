public import JSON

extension MustacheValue {
    /// Any JSON as data for a template. Whole numbers that an Int does not hold are shown as the nearest ones that a
    /// Double does.
    public init(_ json: JSONValue) {
        self =
            switch json {
            case .null: .null
            case .boolean(let value): .boolean(value)
            case .integer(let value): .integer(Int(value))
            case .number(let value): .decimal(value)
            case .string(let text): .string(text)
            case .array(let elements): .list(elements.map { MustacheValue($0) })
            case .object(let object):
                .object(MustacheObject(object.members.map { ($0.name, MustacheValue($0.value)) }))
            }
    }
}
