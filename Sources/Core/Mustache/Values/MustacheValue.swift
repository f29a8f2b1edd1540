/// What a name in a template stands for.
///
/// A closed set of plain values, made by the page before it renders: nothing is looked up by reflection, and a template
/// can run no code. That is also why there are no lambdas: rendering stays pure, so it needs no loop and can not fail
/// half way.
public enum MustacheValue: Equatable, Sendable {
    /// There, and empty: shows as nothing and opens no section. A name that is not there at all is another matter
    /// (`TemplateOptions.refusesMissingNames`).
    case null
    case boolean(Bool)
    case integer(Int)
    case decimal(Double)
    /// Text; escaped wherever it is shown.
    case string(String)
    /// Finished HTML; shown as it is.
    case markup(Markup)
    case list([MustacheValue])
    case object(MustacheObject)

    /// The text, or null for nil.
    public init(_ text: String?) { self = text.map(MustacheValue.string) ?? .null }

    /// Whether a section of it is shown. The specification asks for `!!data`, so that an empty text and zero open no
    /// section, and an empty list does not either.
    var isTruthy: Bool {
        switch self {
        case .null: false
        case .boolean(let value): value
        case .integer(let value): value != 0
        case .decimal(let value): value != 0 && !value.isNaN
        case .string(let text): !text.isEmpty
        case .markup(let markup): !markup.text.isEmpty
        case .list(let elements): !elements.isEmpty
        case .object: true
        }
    }
}

extension MustacheValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .decimal(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: MustacheValue...) { self = .list(elements) }
    public init(dictionaryLiteral members: (String, MustacheValue)...) { self = .object(MustacheObject(members)) }
}
