import Mustache

/// What becomes of templates: NUL bytes part a page from a partial and a layout that it may include.
struct MustacheRun: Equatable {
    private static let hostile = "<b>\"'&"
    private static let names = ["page", "part", "layout"]

    private static let data: MustacheValue = [
        "a": .string(hostile), "b": ["a": .string(hostile), "list": [1, 2.5, nil]],
        "list": ["", .string(hostile), [:]], "on": true, "off": false, "null": nil,
        "part": .markup(Markup(escaping: hostile)), "tree": ["tree": ["tree": nil]],
    ]

    private var shown: [UInt8] = []
    private var refusal: MustacheError?

    init(_ templates: [[UInt8]], options: TemplateOptions, reversed: Bool = false) {
        let sources = zip(MustacheRun.names, templates).map { TemplateSource(name: $0, $1) }
        do throws(MustacheError) {
            let library = try TemplateLibrary(reversed ? sources.reversed() : sources, options: options)
            shown = try library.render("page", MustacheRun.data)
        } catch {
            refusal = error
        }
    }

    static func check(_ bytes: [UInt8]) {
        let templates = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false).map { Array($0) }
        for (unescaped, lenient) in [(true, true), (true, false), (false, true), (false, false)] {
            let options = TemplateOptions(
                allowsUnescaped: unescaped,
                toleratesUnknown: lenient,
                refusesMissingNames: !lenient
            )
            let run = MustacheRun(templates, options: options)
            precondition(run == MustacheRun(templates, options: options, reversed: true), "the order changed something")
            // A quote in the page was in a template, for those of the data are escaped.
            for quote in "\"'".utf8 where !unescaped && !bytes.contains(quote) {
                precondition(!run.shown.contains(quote), "a value was shown as it is")
            }
            for mistake in run.refusal?.mistakes ?? [] {
                precondition(mistake.place.map { $0.line > 0 && $0.column > 0 } ?? true, "a place is in a file")
            }
        }
        if !bytes.contains(UInt8(ascii: "{")), !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil {
            precondition(MustacheRun([bytes], options: TemplateOptions()).shown == bytes, "a text changed")
        }
    }
}
