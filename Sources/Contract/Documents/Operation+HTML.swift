internal import HTTPEngine
internal import JSON

/// An operation as people read it.
extension Operation {
    func write(to page: inout HTMLWriter) {
        page.element("article", ["id": id]) { article in
            article.element("h3") { heading in
                heading.element("code") { code in
                    code.element("span", ["class": "method"], method.name)
                    code.write(" \(path)")
                }
            }
            article.element("p", summary + ".")
            article.element("p", ["class": "quiet"], facts)
            if !parameters.isEmpty { write(parameters, "Parameters", to: &article) }
            if !fields.isEmpty { write(fields, "Fields of the head", to: &article) }
            if let content { writeContent(content, to: &article) }
            writeAnswers(to: &article)
            article.element("details") { details in
                details.element("summary", "Try it")
                details.element("pre", ["tabindex": "0"]) { $0.element("code", curl) }
            }
        }
    }

    private var facts: String {
        let also = aliases.isEmpty ? "" : "Also at \(aliases.joined(separator: ", "))."
        return ["Who may ask: \(caller.rawValue).", also, notes].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func write(_ parameters: [Parameter], _ caption: String, to article: inout HTMLWriter) {
        article.table(caption, ["Name", "Type", "Meaning"]) { body in
            for parameter in parameters {
                body.row { row in
                    row.element("td") { $0.element("code", parameter.name) }
                    row.element("td") { parameter.schema.write(to: &$0) }
                    row.element("td", parameter.note)
                }
            }
        }
    }

    private func writeContent(_ content: Content, to article: inout HTMLWriter) {
        article.element("p") { line in
            line.write(content.isOptional ? "Content, if any: " : "Content: ")
            content.schema.writeLink(to: &line)
        }
    }

    private func writeAnswers(to article: inout HTMLWriter) {
        article.table("Answers", ["Status", "Content", "When"]) { body in
            for answer in answers {
                body.row { row in
                    row.element("td", String(answer.status.code))
                    row.element("td") { answer.content?.writeLink(to: &$0) }
                    row.element(
                        "td",
                        ([answer.summary] + answer.fields.map { "\($0.name): \($0.note)" }).joined(separator: " ")
                    )
                }
            }
            for failure in failures where !answers.contains(where: { $0.status == failure.status }) {
                body.row { row in
                    row.element("td", String(failure.status.code))
                    row.element("td") { cell in
                        for code in failure.codes {
                            cell.element("code", code.rawValue)
                            cell.write(" ")
                        }
                    }
                    row.element("td", failure.reasons.joined(separator: " "))
                }
            }
        }
    }

    /// A line for a shell. Examples go into single quotes, so none may hold one.
    var curl: String {
        var line = "curl"
        if method != .get { line += " -X \(method.name)" }
        if caller != .anyone, content?.isOptional != true { line += " -H \"Authorization: Bearer $TOKEN\"" }
        if let content {
            let example = String(decoding: content.schema.example.bytes, as: UTF8.self)
            precondition(!example.contains("'"), "an example would end the quotes it stands in")
            line += " -H 'Content-Type: application/json' -d '\(example)'"
        }
        return line + " \"$GATEHOUSE\(target(id: Examples.userID) ?? path)\""
    }
}

extension Component {
    func write(to page: inout HTMLWriter) {
        page.element("article", ["id": "schema-\(name)"]) { article in
            article.element("h3", name)
            article.element("p", ["class": "quiet"], summary)
            article.table("Fields", ["Name", "Type", "Meaning"]) { body in
                for field in fields {
                    body.row { row in
                        row.element("td") { $0.element("code", field.name) }
                        row.element("td") { field.schema.write(to: &$0) }
                        row.element("td", (isClosed && !field.isRequired ? "Optional. " : "") + field.note)
                    }
                }
            }
            article.element("pre", ["tabindex": "0"]) { pre in
                pre.element("code", String(decoding: example.bytes, as: UTF8.self))
            }
        }
    }

    func writeLink(to page: inout HTMLWriter) {
        page.element("a", ["href": "#schema-\(name)"], name)
    }
}

extension Schema {
    /// In words.
    func write(to page: inout HTMLWriter) {
        switch shape {
        case .text(let text) where !text.values.isEmpty: page.write("one of " + text.values.joined(separator: ", "))
        case .text(let text): page.write(text.format.map { "string (\($0))" } ?? "string")
        case .integer: page.write("whole number")
        case .boolean: page.write("true or false")
        case .list(let element):
            page.write("list of ")
            element.write(to: &page)
        case .map(let value):
            page.write("object, by name: ")
            value.write(to: &page)
        case .anyObject: page.write("object")
        case .anything: page.write("anything")
        case .component(let component): component.writeLink(to: &page)
        }
        if isNullable { page.write(", or null") }
    }
}

extension HTMLWriter {
    fileprivate mutating func table(_ caption: String, _ heads: [String], _ body: (inout HTMLWriter) -> Void) {
        element("table") { table in
            table.element("caption", caption)
            table.element("thead") { head in
                head.row { row in
                    for name in heads { row.element("th", ["scope": "col"], name) }
                }
            }
            table.element("tbody", [:], body)
        }
    }

    fileprivate mutating func row(_ body: (inout HTMLWriter) -> Void) { element("tr", [:], body) }
}
