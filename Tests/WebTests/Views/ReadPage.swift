/// A page as a browser reads it, as far as tests need it: the elements with their attributes and the text between them.
///
/// Strict where browsers are lenient: elements are closed in order, attributes are quoted and stand once, `<`, `>` and
/// `&` stand only for themselves. Anything else is an error.
struct ReadPage {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Element {
        let name: String
        let attributes: [(name: String, value: String)]
        /// The names of the elements around it.
        let path: [String]

        subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }
    }

    private static let withoutEnd: Set<String> = ["meta", "link", "input", "br"]
    private static let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .map { (Array($0.utf8), Array($1.utf8)) }

    private(set) var elements: [Element] = []
    /// What stands between tags, without what is only white space.
    private(set) var texts: [String] = []
    private let bytes: [UInt8]
    private var place = 0
    private var open: [String] = []

    init(_ html: String) throws {
        bytes = Array(html.utf8)
        guard take("<!DOCTYPE html>\n") else { throw Failure(description: "no doctype") }
        while place < bytes.count {
            if take("</") {
                try readEnd()
            } else if take("<") {
                try readElement()
            } else {
                let text = try ReadPage.unescaped(takeAll { $0 != UInt8(ascii: "<") })
                if text.utf8.contains(where: { $0 > 0x20 }) { texts.append(text) }
            }
        }
        guard open.isEmpty else { throw Failure(description: "open at the end: \(open)") }
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    /// What the page is made of, without what it says.
    var structure: [String] {
        elements.map { ($0.path + [$0.name] + $0.attributes.map(\.name)).joined(separator: " ") }
    }

    private var excerpt: String { String(decoding: bytes[place...].prefix(40), as: UTF8.self) }

    private mutating func take(_ prefix: StaticString) -> Bool {
        let isThere = prefix.withUTF8Buffer { bytes[place...].starts(with: $0) }
        if isThere { place += prefix.utf8CodeUnitCount }
        return isThere
    }

    private mutating func takeAll(_ isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = place
        while place < bytes.count, isWanted(bytes[place]) { place += 1 }
        return bytes[start..<place]
    }

    private mutating func readEnd() throws {
        let name = takeName()
        guard take(">"), open.popLast() == name else { throw Failure(description: "</\(name)> closes nothing") }
    }

    private mutating func readElement() throws {
        let name = takeName()
        guard !name.isEmpty else { throw Failure(description: "a < without a name: \(excerpt)") }
        var attributes: [(name: String, value: String)] = []
        while take(" ") {
            let attribute = takeName()
            guard !attribute.isEmpty, !attributes.contains(where: { $0.name == attribute }) else {
                throw Failure(description: "attributes of \(name): \(excerpt)")
            }
            attributes.append((attribute, try take("=") ? takeQuoted() : ""))
        }
        let isClosed = take("/")
        guard take(">") else { throw Failure(description: "the end of <\(name)>: \(excerpt)") }
        elements.append(Element(name: name, attributes: attributes, path: open))
        if !isClosed, !ReadPage.withoutEnd.contains(name) { open.append(name) }
    }

    private mutating func takeName() -> String {
        let name = takeAll {
            ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z")
                || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") || $0 == UInt8(ascii: "-")
        }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func takeQuoted() throws -> String {
        guard take("\"") else { throw Failure(description: "a value without quotes: \(excerpt)") }
        let value = takeAll { $0 != UInt8(ascii: "\"") }
        guard take("\"") else { throw Failure(description: "a value without an end") }
        return try ReadPage.unescaped(value)
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) throws -> String {
        guard text.contains(where: { "&<>".utf8.contains($0) }) else { return String(decoding: text, as: UTF8.self) }
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.first {
            if byte == UInt8(ascii: "&") {
                guard let (reference, sign) = references.first(where: { rest.starts(with: $0.0) }) else {
                    throw Failure(description: "a lone & in \(String(decoding: text, as: UTF8.self))")
                }
                result += sign
                rest = rest.dropFirst(reference.count)
            } else {
                guard byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") else {
                    throw Failure(description: "a bare sign in \(String(decoding: text, as: UTF8.self))")
                }
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
