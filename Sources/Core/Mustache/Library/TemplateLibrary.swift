/// Templates that include each other by name, all checked and made ready when it is made.
///
/// It never changes, so that every loop reads it without a lock.
public struct TemplateLibrary: Sendable {
    private let templates: [String: Template]

    /// Throws all that is wrong with any of them.
    public init(_ sources: [TemplateSource], options: TemplateOptions = TemplateOptions()) throws(MustacheError) {
        let sources = sources.sorted { $0.name < $1.name }
        let parsed = sources.map { TemplateParser.parse($0, options: options) }
        var mistakes = parsed.flatMap(\.mistakes)
        for (source, next) in zip(sources, sources.dropFirst()) where source.name == next.name {
            let message = "two templates are named \(next.name)"
            mistakes.append(MustacheError.Mistake(code: .syntax, place: next.place(of: 0), message: message))
        }
        var linker = Linker(parsed, options: options)
        var templates: [String: Template] = [:]
        for (number, source) in sources.enumerated() {
            templates[source.name] = Template(name: source.name, program: linker.link(number))
        }
        mistakes += linker.mistakes
        guard mistakes.isEmpty else { throw MustacheError(mistakes.sorted { $0.isBefore($1) }) }
        self.templates = templates
    }

    /// The names of all templates, sorted.
    public var names: [String] { templates.keys.sorted() }

    public func template(named name: String) throws(MustacheError) -> Template {
        if let template = templates[name] { return template }
        let hint = CloseNames.hint(for: name, among: templates.keys)
        throw MustacheError(.unknownTemplate, "there is no template named \(name)\(hint)")
    }

    public func render(_ name: String, _ data: MustacheValue) throws(MustacheError) -> [UInt8] {
        try template(named: name).render(data)
    }
}

extension MustacheError.Mistake {
    /// File by file, from top to bottom.
    fileprivate func isBefore(_ other: MustacheError.Mistake) -> Bool {
        let key = { (mistake: MustacheError.Mistake) in
            (mistake.place?.file ?? "", mistake.place?.line ?? 0, mistake.place?.column ?? 0, mistake.message)
        }
        return key(self) < key(other)
    }
}
