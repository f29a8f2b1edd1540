import Testing

@testable import Mustache

/// Whatever a template holds, reading and rendering it comes to an end.
@Suite struct BoundsTests {
    private static let everything = """
        {{! comment }}\r
        {{#rows}}
          <p class="{{kind}}">{{{text}}}{{&text}} {{user.name}}</p>
          {{^rows}}none{{/rows}}
        {{/rows}}
        {{=<% %>=}}
          <%>part%>
        <%={{ }}=%>
        {{<layout}}
          {{$title}}ü{{/title}}
          {{$content}}
            {{>part}}
          {{/content}}
        {{/layout}}
        """

    @Test func `a template cut anywhere is a mistake or a template`() throws {
        let bytes = [UInt8](BoundsTests.everything.utf8)
        let data: MustacheValue = ["rows": [["kind": "<", "text": "&"]], "user": ["name": "\""]]
        var good = 0
        for (start, end) in (0...bytes.count).flatMap({ [(0, $0), ($0, bytes.count)] }) {
            let sources = [
                TemplateSource(name: "main", Array(bytes[start..<end])), TemplateSource(name: "part", "{{name}}\n"),
                TemplateSource(name: "layout", "{{$title}}{{/title}}\n{{$content}}{{/content}}"),
            ]
            do throws(MustacheError) {
                _ = try TemplateLibrary(sources).render("main", data)
                good += 1
            } catch {
                #expect(error.mistakes.allSatisfy { $0.place?.file == "main" && !$0.message.isEmpty })
            }
        }
        #expect(good > 50 && good < 2 * bytes.count)
    }

    @Test func `nesting is bounded`() throws {
        func nested(_ depth: Int) -> String {
            (0..<depth).map { "{{#a\($0)}}" }.joined() + (0..<depth).reversed().map { "{{/a\($0)}}" }.joined()
        }
        #expect(mistakes(nested(TemplateParser.deepestNesting)).isEmpty)
        #expect(
            mistakes(nested(TemplateParser.deepestNesting + 1)).first?.hasSuffix("nested more than 64 deep here")
                == true
        )
        #expect(!mistakes(String(repeating: "{{#a}}", count: 100_000)).isEmpty)
        #expect(mistakes(String(repeating: "{{}}", count: 100_000)).count == TemplateParser.mostMistakes)
    }

    @Test func `a long chain of templates is bounded`() {
        func chain(_ length: Int) -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: (0..<length).map { ("t\($0)", $0 + 1 < length ? "{{>t\($0 + 1)}}" : "end") }
            )
        }
        #expect(mistakes("", partials: chain(Linker.deepestInclusion)).isEmpty)
        let found = mistakes("", partials: chain(Linker.deepestInclusion + 1))
        #expect(found == ["t99:1:1: templates include each other more than 100 deep here"])
    }

    @Test(arguments: ["", "text", "{{a}}"])
    func `templates that double at each level are refused`(innermost: String) {
        var partials = ["t18": innermost]
        for level in 0..<18 { partials["t\(level)"] = "{{>t\(level + 1)}}{{>t\(level + 1)}}" }
        #expect(
            mistakes("{{>t0}}", partials: partials).contains { $0.hasPrefix("main:1:1: ") && $0.contains("too large") }
        )
    }

    @Test(arguments: [
        ["main": "{{>main}}"], ["main": "a{{>b}}", "b": "{{>main}}{{>main}}"],
        ["main": "{{<main}}{{$a}}x{{/a}}{{/main}}{{$a}}{{/a}}"],
        ["main": "{{#list}}{{>main}}{{/list}}"], ["main": "  {{>main}}\n"],
        ["main": "{{<b}}{{$a}}{{>main}}{{/a}}{{/b}}", "b": "{{$a}}{{/a}}"],
    ])
    func `recursion without end is an error with its place`(templates: [String: String]) throws {
        let library = try TemplateLibrary(templates.map { TemplateSource(name: $0, $1) })
        let error = #expect(throws: MustacheError.self) { try library.render("main", ["list": [1]]) }
        #expect(error?.mistakes.map(\.code) == [.endlessRecursion])
        #expect(error?.mistakes.allSatisfy { $0.place != nil } == true)
    }

    @Test func `a tree as deep as the bound is shown`() throws {
        var tree: MustacheValue = ["next": nil]
        for _ in 1..<Template.deepestRecursion { tree = ["next": tree] }
        let shown = try render("({{#next}}{{>main}}{{/next}})", tree)
        #expect(shown.utf8.count == 2 * Template.deepestRecursion)
    }

    @Test func `a long list is shown to its end`() throws {
        let count = 50_000
        let list = MustacheValue.list((0..<count).map { ["n": .integer($0 % 10)] })
        let shown = try render("{{#list}}{{n}}{{/list}}", ["list": list])
        #expect(shown.utf8.count == count)
        #expect(shown.hasPrefix("0123456789") && shown.hasSuffix("9"))
    }

    @Test func `many threads render one template at once`() async throws {
        let library = try TemplateLibrary([TemplateSource(name: "a", "{{#list}}({{.}}){{/list}}")])
        await withTaskGroup { group in
            for number in 0..<16 {
                group.addTask {
                    for round in 0..<50 {
                        let data: MustacheValue = ["list": [.integer(number), .integer(round)]]
                        let shown = try? library.render("a", data)
                        #expect(shown == [UInt8]("(\(number))(\(round))".utf8))
                    }
                }
            }
        }
    }
}
