/// The shape of a JSON value, in the words of JSON Schema 2020-12 that OpenAPI 3.1 uses.
public struct Schema: Sendable {
    indirect enum Shape: Sendable {
        case text(Text)
        case integer(ClosedRange<Int>)
        case boolean
        case list(of: Schema)
        /// An object whose names are not known beforehand.
        case map(of: Schema)
        case anyObject
        case anything
        case component(Component)
    }

    /// What is known of a string.
    struct Text: Sendable {
        var format: String?
        var lengths: ClosedRange<Int>?
        var pattern: String?
        /// Nothing else is possible, unless it is empty.
        var values: [String] = []
    }

    let shape: Shape
    var isNullable = false

    var orNull: Schema {
        var copy = self
        copy.isNullable = true
        return copy
    }
}

extension Schema {
    static let text = Schema(shape: .text(Text()))
    static let boolean = Schema(shape: .boolean)
    static let count = Schema.integer(in: 0...Int(Int32.max))
    static let anyObject = Schema(shape: .anyObject)
    static let anything = Schema(shape: .anything)
    /// In UTC only: see `WallTime.init(rfc3339:)`.
    static let time = Schema(shape: .text(Text(format: "date-time", pattern: #"^[0-9T:.-]{19,39}Z$"#)))
    static let date = Schema(shape: .text(Text(format: "date")))
    static let identifier = Schema(shape: .text(Text(format: "uuid")))
    static let username = Schema(
        shape: .text(Text(lengths: 3...32, pattern: "^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$"))
    )
    static let email = Schema(shape: .text(Text(format: "email", lengths: 3...254)))
    static let password = Schema(shape: .text(Text(format: "password")))

    static func integer(in range: ClosedRange<Int>) -> Schema { Schema(shape: .integer(range)) }
    /// Of a query: there is no NUL in those, see `PercentEncoding.decode`.
    static func text(upTo length: Int) -> Schema {
        Schema(shape: .text(Text(lengths: 0...length, pattern: #"^[^\u0000]*$"#)))
    }
    static func one(of values: [String]) -> Schema { Schema(shape: .text(Text(values: values))) }
    static func list(of element: Schema) -> Schema { Schema(shape: .list(of: element)) }
    static func map(of value: Schema) -> Schema { Schema(shape: .map(of: value)) }
    static func component(_ component: Component) -> Schema { Schema(shape: .component(component)) }
}
