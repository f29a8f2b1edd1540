import Linux
import Operations
import TestKit
import Testing

@testable import Web

@Suite struct RenderCommandTests {
    private let folder: TestDirectory
    private let program = Program("web", version: "1", help: "", commands: [RenderCommand.command])

    init() throws {
        folder = try TestDirectory()
        try TestFiles.write("{{#names}}{{>item}}{{/names}}{{n}} {{d}} {{b}} {{none}}\n", to: folder.path("page.html"))
        try TestFiles.write("<li>{{.}}</li>", to: folder.path("item.html"))
    }

    /// What is printed, what is complained about, and how it went.
    private func run(_ words: String...) async -> (output: String, errors: String, status: ProgramStatus) {
        let output = Lock("")
        let errors = Lock("")
        let console = ProgramConsole(
            output: { text in output.withLock { $0 += text } },
            errors: { text in errors.withLock { $0 += text } }
        )
        let status = await program.run(["render"] + words, console: console)
        return (output.withLock(\.self), errors.withLock(\.self), status)
    }

    @Test func `a template is filled with JSON, with what it includes beside it`() async throws {
        let json = "{\"names\":[\"a&b\",\"c\"],\"n\":3,\"d\":1.5,\"b\":true,\"none\":null}"
        try TestFiles.write(json, to: folder.path("data.json"))
        let result = await run(folder.path("page.html"), "--data", folder.path("data.json"))
        #expect(result == ("<li>a&amp;b</li><li>c</li>3 1.5 true \n", "", .good))
    }

    @Test func `without data every name is empty, and with strict it is a mistake`() async throws {
        #expect(await run(folder.path("page.html")) == ("   \n", "", .good))
        let strict = await run("--strict", folder.path("page.html"))
        #expect(strict.status == .failed && strict.output == "")
        #expect(strict.errors.contains("\(folder.path("page.html")):1:1: nothing in the data is named names"))
    }

    @Test func `a mistake is told with file, line and column, in the template and in the data`() async throws {
        try TestFiles.write("one\n  {{#open}}", to: folder.path("broken.html"))
        let template = await run(folder.path("broken.html"))
        #expect(template.status == .failed && template.output == "")
        #expect(template.errors == "web: \(folder.path("broken.html")):2:3: {{#open}} is never closed\n")
        try TestFiles.write("{\n  \"a\" 1}", to: folder.path("broken.json"))
        let data = await run(folder.path("page.html"), "--data", folder.path("broken.json"))
        #expect(data.status == .failed && data.output == "")
        #expect(data.errors == "web: \(folder.path("broken.json")):2:7: a colon is expected\n")
    }

    @Test func `a file that is not there is a failure, and a command line that says too little is a misuse`() async {
        let missing = await run(folder.path("page.html"), "--data", folder.path("none.json"))
        #expect(missing.status == .failed && missing.errors.contains("none.json can not be read: "))
        let template = await run(folder.path("none.html"))
        #expect(template.status == .failed && template.errors.contains("none.html"))
        for words in [[], ["a", "b"], ["a", "--data"], ["a", "--dat", "b"]] {
            let status = await program.run(
                ["render"] + words,
                console: ProgramConsole(output: { _ in }, errors: { _ in })
            )
            #expect(status == .wrongUsage, "\(words)")
        }
    }
}
