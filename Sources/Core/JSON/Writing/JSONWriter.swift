internal import Text

/// Writes JSON (RFC 8259) straight into bytes, a value at a time. Made for answers whose shape the program knows: there
/// is no intermediate tree, and nothing is looked up by reflection.
///
/// What it wrote is always one well-formed value: a member without a name, a name without a value and a second document
/// behind the first are mistakes of the program, and stop it.
public struct JSONWriter {
    /// What may come next.
    private enum Place {
        /// The one value of the document.
        case document
        case element
        case name
        case memberValue
        case end
    }

    private var output: [UInt8] = []
    private var place = Place.document
    private var needsComma = false

    public init(reservingCapacity capacity: Int = 256) { output.reserveCapacity(capacity) }

    /// The whole document.
    public var bytes: [UInt8] {
        precondition(place == .end, "the document is not finished")
        return output
    }

    /// `{…}`; the body adds the members.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        nest(JSONSyntax.openBrace, JSONSyntax.closeBrace, holding: .name, body)
    }

    /// `[…]`; the body adds the elements.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        nest(JSONSyntax.openBracket, JSONSyntax.closeBracket, holding: .element, body)
    }

    /// The name of the member whose value comes next.
    public mutating func key(_ name: String) {
        precondition(place == .name, "a name can not stand here")
        separate()
        output.append(quoting: name)
        output.append(JSONSyntax.colon)
        place = .memberValue
    }

    public mutating func string(_ value: String) {
        begin()
        output.append(quoting: value)
    }

    public mutating func integer(_ value: Int) { integer(Int64(value)) }

    public mutating func integer(_ value: Int64) {
        begin()
        if value < 0 { output.append(JSONSyntax.minus) }
        output.append(decimal: value.magnitude)
    }

    public mutating func integer(_ value: UInt64) {
        begin()
        output.append(decimal: value)
    }

    /// The shortest digits that read as the same number again. JSON has no infinity and no not-a-number.
    public mutating func number(_ value: Double) {
        precondition(value.isFinite, "JSON can not tell a number that is not finite")
        begin()
        output.append(contentsOf: value.description.utf8)
    }

    public mutating func boolean(_ value: Bool) {
        begin()
        output.append(contentsOf: (value ? "true" : "false").utf8)
    }

    public mutating func null() {
        begin()
        output.append(contentsOf: "null".utf8)
    }

    public mutating func fragment(_ fragment: JSONFragment) {
        begin()
        output.append(contentsOf: fragment.bytes)
    }

    private mutating func nest(
        _ open: UInt8,
        _ close: UInt8,
        holding content: Place,
        _ body: (inout JSONWriter) -> Void
    ) {
        begin()
        let outside = place
        place = content
        needsComma = false
        output.append(open)
        body(&self)
        output.append(close)
        precondition(place == content, "the last name has no value")
        place = outside
        needsComma = true
    }

    private mutating func begin() {
        switch place {
        case .document: place = .end
        case .element: separate()
        case .memberValue: place = .name
        case .name: preconditionFailure("the value of a member needs a name")
        case .end: preconditionFailure("a document is one value")
        }
    }

    private mutating func separate() {
        if needsComma { output.append(JSONSyntax.comma) }
        needsComma = true
    }
}

extension JSONWriter {
    public mutating func member(_ name: String, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    /// Leaves the member out when there is no value.
    public mutating func member(_ name: String, ifPresent value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }
}
