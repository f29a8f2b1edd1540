/// Writes JSON (RFC 8259) straight into bytes, a value at a time. Made for answers whose shape the program knows: there
/// is no intermediate tree, and nothing is looked up by reflection.
public struct JSONWriter {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(reservingCapacity capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// `{…}`; the body adds the members.
    public mutating func object(_ body: (inout JSONWriter) -> Void) { nest("{", "}", body) }

    /// `[…]`; the body adds the elements.
    public mutating func array(_ body: (inout JSONWriter) -> Void) { nest("[", "]", body) }

    /// The name of the member whose value comes next.
    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    public mutating func integer(_ value: Int) {
        separate()
        bytes.append(decimal: value)
    }

    public mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(literal: value ? "true" : "false")
    }

    public mutating func null() {
        separate()
        bytes.append(literal: "null")
    }

    public mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    private mutating func nest(_ open: StaticString, _ close: StaticString, _ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(literal: open)
        needsComma = false
        body(&self)
        bytes.append(literal: close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Only what must be escaped is (RFC 8259 §7), and `<`, `>` and `&`, so that the text is harmless where a browser
    /// takes it for HTML.
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(literal: "\\\"")
            case UInt8(ascii: "\\"): bytes.append(literal: "\\\\")
            case ASCII.lineFeed: bytes.append(literal: "\\n")
            case ASCII.carriageReturn: bytes.append(literal: "\\r")
            case ASCII.tab: bytes.append(literal: "\\t")
            case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): escape(byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(literal: "\\u00")
        for digit in [byte >> 4, byte & 15] {
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
