/// Writes elements of HTML. Every text and every attribute's value is escaped; only names of elements, which the program
/// knows, are not.
struct HTMLWriter {
    private(set) var text = ""

    /// An element with content.
    mutating func element(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        _ body: (inout HTMLWriter) -> Void
    ) {
        open(name, attributes)
        body(&self)
        text += "</\(name)>"
    }

    /// An element that holds text.
    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String) {
        element(name, attributes) { $0.write(content) }
    }

    mutating func element(_ name: String, _ content: String) { element(name, [:], content) }

    /// An element without an end tag.
    mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
        text += "<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(HTMLWriter.escaped(value))\"" }
        text += ">"
    }

    mutating func write(_ content: String) { text += HTMLWriter.escaped(content) }

    /// A style sheet is no text: nothing in it is escaped, and `<` has no business there.
    mutating func style(_ sheet: String) {
        precondition(!sheet.utf8.contains(UInt8(ascii: "<")), "a style sheet could end its element")
        text += "<style>\(sheet)</style>"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
