import Linux
import Testing

@testable import Mustache

@Suite struct FolderTests {
    private func shown(_ library: TemplateLibrary, _ name: String, _ data: MustacheValue = [:]) throws -> String {
        String(decoding: try library.render(name, data), as: UTF8.self)
    }

    private func failure(_ body: () throws -> Void) -> String {
        let error = #expect(throws: MustacheError.self, performing: body)
        return error?.description ?? ""
    }

    @Test func `templates are named by their path in the folder`() throws {
        let tree = try TemplateTree([
            "page.mustache": "{{>parts/head}}page", "parts/head.mustache": "head,", "parts/deep/x.y.mustache": "",
            "notes.txt": "{{#", ".#page.mustache": "{{#", ".hidden/page.mustache": "{{#",
        ])
        let library = try TemplateLibrary(folder: tree.path)
        #expect(library.names == ["page", "parts/deep/x.y", "parts/head"])
        #expect(try shown(library, "page") == "head,page")
    }

    @Test func `all mistakes of a folder are told, with the file they are in`() throws {
        let tree = try TemplateTree(["a.mustache": "{{#a}}", "b/c.mustache": "\n{{>gone}}"])
        #expect(
            failure { _ = try TemplateLibrary(folder: tree.path) } == """
                \(tree.path)/a.mustache:1:1: {{#a}} is never closed
                \(tree.path)/b/c.mustache:2:1: there is no template named gone; there is a, b/c
                """
        )
    }

    @Test func `a link that stays in the folder is followed`() throws {
        let tree = try TemplateTree(["a.mustache": "a", "parts/b.mustache": "b"])
        try tree.link("c.mustache", to: "parts/b.mustache")
        try tree.link("d.mustache", to: "\(tree.path)/a.mustache")
        let library = try TemplateLibrary(folder: tree.path)
        #expect(try shown(library, "c") + shown(library, "d") == "ba")
    }

    @Test func `a link out of the folder is refused`() throws {
        let outside = try TemplateTree(["a.mustache": "secret", "a.txt": "secret"])
        let tree = try TemplateTree(["a.mustache": "a"])
        // A folder whose name begins alike is another folder.
        let beside = try TemplateTree(["a.mustache": "secret"], at: "\(tree.path)-beside")
        try tree.link("out.mustache", to: "\(outside.path)/a.mustache")
        try tree.link("text.mustache", to: "\(outside.path)/a.txt")
        try tree.link("folder", to: outside.path)
        try tree.link("above", to: "..")
        try tree.link("beside.mustache", to: "\(beside.path)/a.mustache")
        try tree.link("gone.mustache", to: "nowhere")
        try tree.link("gone.txt", to: "nowhere")
        let lines = failure { _ = try TemplateLibrary(folder: tree.path) }.split(separator: "\n")
        #expect(
            lines == [
                "\(tree.path)/above leads out of the folder",
                "\(tree.path)/beside.mustache leads out of the folder", "\(tree.path)/folder leads out of the folder",
                "\(tree.path)/gone.mustache can not be read: realpath: No such file or directory",
                "\(tree.path)/out.mustache leads out of the folder",
                "\(tree.path)/text.mustache leads out of the folder",
            ]
        )
    }

    @Test func `a link in a circle is refused`() throws {
        let tree = try TemplateTree(["parts/a.mustache": "a"])
        try tree.link("parts/round", to: "../parts")
        #expect(
            failure { _ = try TemplateLibrary(folder: tree.path) }
                == "\(tree.path)/parts/round leads to a folder a second time"
        )
    }

    @Test func `what is no folder is an error`() throws {
        let tree = try TemplateTree(["a.mustache": "a"])
        #expect(failure { _ = try TemplateLibrary(folder: "\(tree.path)/gone") }.contains("No such file or directory"))
        #expect(failure { _ = try TemplateLibrary(folder: "\(tree.path)/a.mustache") }.contains("Not a directory"))
    }

    // MARK: - Changes

    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    @Test func `a change is seen at the next look, not before`() throws {
        let tree = try TemplateTree(["a.mustache": "old"])
        let folder = try TemplateFolder(path: tree.path, lookingEvery: .seconds(2), at: start)
        try tree.write("newer", to: "a.mustache")
        #expect(folder.library(at: start + .milliseconds(1_999)).news == .none)
        #expect(try shown(folder.library(at: start + .milliseconds(1_999)).library, "a") == "old")
        let (library, news) = folder.library(at: start + .seconds(2))
        #expect(try news == .changed && shown(library, "a") == "newer")
        #expect(folder.library(at: start + .seconds(10)).news == .none)
        try tree.write("b", to: "parts/b.mustache")
        #expect(folder.library(at: start + .seconds(20)).library.names == ["a", "parts/b"])
        tree.remove("a.mustache")
        #expect(folder.library(at: start + .seconds(30)).library.names == ["parts/b"])
    }

    @Test func `while there are mistakes the templates stay what they were`() throws {
        let tree = try TemplateTree(["a.mustache": "old"])
        let folder = try TemplateFolder(path: tree.path, at: start)
        var now = start
        func look() -> (library: TemplateLibrary, news: TemplateFolder.News) {
            now = now + .seconds(1)
            return folder.library(at: now)
        }
        try tree.write("{{#open}}", to: "a.mustache")
        let mistake = MustacheError(
            .syntax,
            at: TemplatePlace(file: "\(tree.path)/a.mustache", line: 1, column: 1),
            "{{#open}} is never closed"
        )
        let first = look()
        #expect(try first.news == .broken(mistake) && shown(first.library, "a") == "old")
        #expect(look().news == .none)
        // Another change, the same mistake: it is told again.
        try tree.write("{{#open}} still", to: "a.mustache")
        #expect(look().news == .broken(mistake))
        try tree.write("good again", to: "a.mustache")
        let last = look()
        #expect(try last.news == .changed && shown(last.library, "a") == "good again")
    }

    @Test func `a folder that can not be read is told once, and so is that it can again`() throws {
        let tree = try TemplateTree(["a.mustache": "a"])
        let folder = try TemplateFolder(path: tree.path, lookingEvery: .zero, at: start)
        try tree.link("b.mustache", to: "/dev/null")
        let mistake = MustacheError(.unreadable, "\(tree.path)/b.mustache leads out of the folder")
        #expect(folder.library(at: start).news == .broken(mistake))
        #expect(folder.library(at: start).news == .none)
        tree.remove("b.mustache")
        #expect(folder.library(at: start).news == .changed)
        #expect(folder.library(at: start).news == .none)
    }

    @Test func `a folder that is broken at the start is an error`() throws {
        let tree = try TemplateTree(["a.mustache": "{{"])
        #expect(failure { _ = try TemplateFolder(path: tree.path, at: start) }.hasSuffix("this tag is never closed"))
    }

    // MARK: - Files

    @Test func `a file finds what it includes beside it`() throws {
        let tree = try TemplateTree([
            "page.html": "{{<layout}}{{$a}}{{>part}} {{>parts/x}} {{>plain}}{{/a}}{{/layout}}",
            "layout.mustache": "<{{$a}}{{/a}}>", "part.html": "html", "part.mustache": "wrong", "parts/x.mustache": "x",
            "plain": "plain", "other.mustache": "{{#broken",
        ])
        let template = try Template(file: "\(tree.path)/page.html")
        #expect(String(decoding: try template.render([:]), as: UTF8.self) == "<html x plain>")
    }

    @Test(arguments: ["../secret", "/etc/hostname", "parts/../../secret", "gone"])
    func `a file finds nothing above it`(name: String) throws {
        let tree = try TemplateTree(["in/page.mustache": "({{>\(name)}})", "secret.mustache": "secret"])
        let file = "\(tree.path)/in/page.mustache"
        #expect(failure { _ = try Template(file: file) }.hasPrefix("\(file):1:2: there is no template named \(name)"))
        let template = try Template(file: file, options: TemplateOptions(toleratesUnknown: true))
        #expect(try template.render([:]) == [UInt8]("()".utf8))
    }

    @Test func `a file that is not there is an error`() throws {
        let tree = try TemplateTree()
        #expect(failure { _ = try Template(file: "\(tree.path)/a") } == "there is no template \(tree.path)/a")
        #expect(failure { _ = try Template(file: tree.path) } == "there is no template \(tree.path)")
    }
}
