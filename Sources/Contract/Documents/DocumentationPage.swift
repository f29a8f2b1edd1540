internal import HTTPEngine
internal import JSON

/// What operations there are, for people: one page without scripts.
public struct DocumentationPage: Sendable {
    let document: OpenAPIDocument

    public init(_ operations: [Operation]) { document = OpenAPIDocument(operations) }

    /// Written anew each time: keep it.
    public var html: String {
        var page = HTMLWriter()
        page.open("!doctype html")
        page.element("html", ["lang": "en"]) { root in
            root.element("head") { head in
                head.open("meta", ["charset": "utf-8"])
                head.open("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                head.element("title", "API · Gatehouse")
                head.style(DocumentationPage.style)
            }
            root.element("body") { body in
                body.element("a", ["class": "skip", "href": "#content"], "Skip to the operations")
                body.element("header") { writeHeader(to: &$0) }
                body.element("nav", ["aria-label": "Contents"]) { writeContents(to: &$0) }
                body.element("main", ["id": "content"]) { main in
                    for group in document.groups { write(group, to: &main) }
                    main.element("h2", ["id": "schemas"], "Schemas")
                    for component in Component.all(of: document.operations) { component.write(to: &main) }
                }
            }
        }
        return page.text
    }

    private func writeHeader(to header: inout HTMLWriter) {
        header.element("h1", "The API of Gatehouse")
        header.element("p", OpenAPIDocument.introduction)
        header.element("p") { line in
            line.write("The lines to try it want two variables of the shell: ")
            line.element("code", "GATEHOUSE")
            line.write(", the address of the service, and ")
            line.element("code", "TOKEN")
            line.write(", an access token.")
        }
        if document.operations.contains(where: { $0.id == Operation.openAPI.id }) {
            header.element("p") { line in
                line.write("For programs: ")
                line.element("a", ["href": Operation.openAPI.path], Operation.openAPI.path)
            }
        }
    }

    private func writeContents(to navigation: inout HTMLWriter) {
        navigation.element("ul") { list in
            for group in document.groups {
                list.element("li") { $0.element("a", ["href": "#\(group.anchor)"], group.rawValue) }
            }
            list.element("li") { $0.element("a", ["href": "#schemas"], "Schemas") }
        }
    }

    private func write(_ group: Operation.Group, to main: inout HTMLWriter) {
        main.element("section", ["aria-labelledby": group.anchor]) { section in
            section.element("h2", ["id": group.anchor], group.rawValue)
            for operation in document.operations where operation.group == group {
                operation.write(to: &section)
            }
        }
    }
}

extension Operation.Group {
    fileprivate var anchor: String { "group-" + rawValue.lowercased().split(separator: " ").joined(separator: "-") }
}
