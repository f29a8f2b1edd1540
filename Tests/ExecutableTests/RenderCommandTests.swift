import Linux
import TestKit
import Testing

/// `gatehouse-web render`, as people who write templates run it.
@Suite struct RenderCommandTests {
    private static func render(_ words: [String], _ files: [String: String]) async throws
        -> (ending: ChildProcess.End, output: String, errors: String)
    {
        try await withLoop { loop in
            let directory = try TestDirectory()
            for (name, text) in files { try TestFiles.write(text, to: directory.path(name)) }
            // It needs no configuration, not even a right one.
            let program = try TestProgram("gatehouse-web", ["render"] + words, ["API_URL": "nonsense"], in: directory)
            let ending = try await program.ending(on: loop)
            return (ending, program.output, program.errors)
        }
    }

    @Test func `a template is filled with JSON, with its layout and its parts beside it`() async throws {
        let said = try await RenderCommandTests.render(
            ["page.mustache", "--data", "page.json"],
            [
                "page.mustache":
                    "{{<layout}}{{$content}}\n{{#names}}\n{{>item}}\n{{/names}}\n{{/content}}{{/layout}}\n",
                "layout.mustache": "<ul>\n  {{$content}}\n  {{/content}}\n</ul>\n",
                "item.mustache": "<li>{{.}}</li>\n", "page.json": #"{"names":["a & b","ü"]}"#,
            ]
        )
        #expect(said.ending == .exited(0) && said.errors.isEmpty)
        #expect(said.output == "<ul>\n  <li>a &amp; b</li>\n  <li>ü</li>\n</ul>\n")
    }

    @Test func `a mistake is told with its place, and nothing is printed`() async throws {
        let said = try await RenderCommandTests.render(["page.mustache"], ["page.mustache": "one\n  {{#open}}"])
        #expect(said.ending == .exited(1) && said.output.isEmpty)
        #expect(said.errors == "gatehouse-web: page.mustache:2:3: {{#open}} is never closed\n")
    }

    @Test func `a command line that says too little is a misuse`() async throws {
        let said = try await RenderCommandTests.render([], [:])
        #expect(said.ending == .exited(2) && said.output.isEmpty)
        #expect(said.errors.hasPrefix("gatehouse-web: ") && said.errors.split(separator: "\n").count == 1)
    }
}
