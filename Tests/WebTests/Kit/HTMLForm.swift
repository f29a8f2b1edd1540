import HTTPEngine

/// A form on a page, read as our templates write them: attributes in double quotes, no markup in values.
struct HTMLForm {
    var action: String
    /// What a browser would send if nobody typed anything.
    var fields: [(name: String, value: String)]
    /// Boxes that are not ticked.
    var boxes: [String: String]

    /// With what somebody types; nil names stay as they are. A box is ticked by typing its value and cleared by "".
    func filled(_ typed: [String: String]) -> URLEncodedForm {
        var form = URLEncodedForm()
        var rest = typed
        for field in fields {
            let value = rest.removeValue(forKey: field.name) ?? field.value
            if boxes[field.name] != nil, value.isEmpty { continue }
            form.append(field.name, value)
        }
        for (name, value) in rest.sorted(by: { $0.key < $1.key }) { form.append(name, value) }
        return form
    }

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    static func all(in html: String) -> [HTMLForm] {
        html.pieces(from: "<form ", to: "</form>").filter { $0.contains("method=\"post\"") }.map { piece in
            let tag = String(piece.prefix { $0 != ">" })
            var form = HTMLForm(action: attribute("action", of: tag) ?? "", fields: [], boxes: [:])
            for input in piece.pieces(from: "<input ", to: ">") {
                guard let name = attribute("name", of: input) else { continue }
                let value = attribute("value", of: input) ?? ""
                if attribute("type", of: input) == "checkbox" {
                    form.boxes[name] = value
                    if !input.contains(" checked") { continue }
                }
                form.fields.append((name, value))
            }
            return form
        }
    }

    private static func attribute(_ name: String, of tag: String) -> String? {
        (" " + tag).pieces(from: " \(name)=\"", to: "\"").first?.unescaped
    }
}

extension String {
    /// Everything between these two, again and again.
    func pieces(from start: String, to end: String) -> [String] {
        var found: [String] = []
        var rest = utf8[...]
        while let begin = rest.firstRange(of: start.utf8) {
            rest = rest[begin.upperBound...]
            guard let stop = rest.firstRange(of: end.utf8) else { break }
            found.append(String(decoding: rest[..<stop.lowerBound], as: UTF8.self))
            rest = rest[stop.upperBound...]
        }
        return found
    }

    /// HTML character references as our escaping writes them.
    var unescaped: String {
        var text = self
        let signs = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"),
            ("&#10;", "\n"), ("&#13;", "\r"), ("&#9;", "\t"), ("&#96;", "`"), ("&#61;", "="), ("&amp;", "&"),
        ]
        for (reference, sign) in signs { text = text.replacing(reference, with: sign) }
        return text
    }
}

extension Collection where Element == UInt8 {
    fileprivate func firstRange(of other: some Collection<UInt8>) -> Range<Index>? {
        var start = startIndex
        while start != endIndex {
            if self[start...].starts(with: other) { return start..<index(start, offsetBy: other.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
