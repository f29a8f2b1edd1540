internal import HTTPEngine
internal import JSON

/// What operations there are, for programs: OpenAPI 3.1. The same operations make the same bytes.
public struct OpenAPIDocument: Sendable {
    let operations: [Operation]

    public init(_ operations: [Operation]) { self.operations = operations }

    /// Written anew each time: keep them.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 65_536)
        writer.object { document in
            document.member("openapi", "3.1.0")
            document.key("info")
            document.object { info in
                info.member("title", "Gatehouse")
                info.member("version", "1")
                info.member("description", OpenAPIDocument.introduction)
            }
            document.key("servers")
            document.array { servers in servers.object { $0.member("url", "/") } }
            document.key("tags")
            document.array { tags in
                for group in groups { tags.object { $0.member("name", group.rawValue) } }
            }
            document.key("paths")
            document.object { writePaths(to: &$0) }
            document.key("components")
            document.object { writeComponents(to: &$0) }
        }
        return writer.bytes
    }

    static let introduction = """
        Accounts, sessions and tokens. Bodies are JSON in UTF-8, names are snake_case, and times are in UTC such as \
        2026-01-15T10:30:00Z. Fields and parameters that are not listed are refused; answers may get more of them. \
        Every answer carries X-Request-ID, and where requests are counted RateLimit and RateLimit-Policy; every failure has \
        the same envelope.
        """

    /// Those that have an operation, in the order of the contract.
    var groups: [Operation.Group] {
        Operation.Group.allCases.filter { group in operations.contains { $0.group == group } }
    }

    private func writePaths(to paths: inout JSONWriter) {
        var names: [String] = []
        for path in operations.flatMap(\.paths) where !names.contains(path) { names.append(path) }
        for name in names {
            paths.key(name)
            paths.object { item in
                for operation in operations where operation.paths.contains(name) {
                    item.key(operation.method.name.lowercased())
                    operation.write(at: name, to: &item)
                }
            }
        }
    }

    private func writeComponents(to components: inout JSONWriter) {
        components.key("schemas")
        components.object { schemas in
            for component in Component.all(of: operations) {
                schemas.key(component.name)
                component.write(to: &schemas)
            }
        }
        components.key("headers")
        components.object { headers in
            let areLimited = operations.contains(where: \.isLimited)
            for field in Operation.Answer.Field.ofAll + (areLimited ? Operation.Answer.Field.ofLimits : []) {
                field.write(to: &headers)
            }
        }
        components.key("securitySchemes")
        components.object { schemes in
            schemes.key("bearer")
            schemes.object { scheme in
                scheme.member("type", "http")
                scheme.member("scheme", "bearer")
                scheme.member("bearerFormat", "JWT")
            }
        }
    }
}

extension Component {
    /// Every component that operations speak of, and those these are made of, in the order in which one meets them.
    static func all(of operations: [Operation]) -> [Component] {
        var found: [Component] = []
        func add(_ component: Component) {
            if found.contains(where: { $0.name == component.name }) { return }
            found.append(component)
            for field in component.fields { add(field.schema) }
        }
        func add(_ schema: Schema) {
            switch schema.shape {
            case .component(let component): add(component)
            case .list(let inner), .map(let inner): add(inner)
            case .text, .integer, .boolean, .anyObject, .anything: break
            }
        }
        for operation in operations {
            if let content = operation.content { add(content.schema) }
            for answer in operation.answers { answer.content.map(add) }
        }
        add(ErrorEnvelope.schema)
        return found
    }
}
