import Testing

@testable import Mustache

/// A template, what it is filled with, and what comes out.
struct Scenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let template: String
    let data: MustacheValue
    let partials: [String: String]
    let expected: String

    init(
        _ description: String,
        _ template: String,
        _ data: MustacheValue = [:],
        partials: [String: String] = [:],
        shows expected: String
    ) {
        testDescription = description
        self.template = template
        self.data = data
        self.partials = partials
        self.expected = expected
    }

    func check(_ location: SourceLocation = #_sourceLocation) throws {
        // The specification has empty partials where none is.
        let options = TemplateOptions(toleratesUnknown: true)
        let shown = try render(template, data, partials: partials, options: options)
        #expect(shown == expected, "\(testDescription)", sourceLocation: location)
    }
}

/// Renders a template named `main`.
func render(
    _ template: String,
    _ data: MustacheValue = [:],
    partials: [String: String] = [:],
    options: TemplateOptions = TemplateOptions()
) throws(MustacheError) -> String {
    let sources = [TemplateSource(name: "main", template)] + partials.map { TemplateSource(name: $0, $1) }
    let library = try TemplateLibrary(sources, options: options)
    return String(decoding: try library.render("main", data), as: UTF8.self)
}

/// What is said of templates, line by line. Empty when nothing is wrong.
func mistakes(
    _ template: String,
    partials: [String: String] = [:],
    options: TemplateOptions = TemplateOptions()
) -> [String] {
    let sources = [TemplateSource(name: "main", template)] + partials.map { TemplateSource(name: $0, $1) }
    do throws(MustacheError) {
        _ = try TemplateLibrary(sources, options: options)
        return []
    } catch {
        return error.mistakes.map(\.description)
    }
}
