import HTTPEngine
import Linux
import Mustache
import TestKit
import Testing

@testable import Web

@Suite struct PagesTests {
    private static let frame = PageFrame(
        viewer: nil,
        csrfToken: "token",
        flash: nil,
        requestID: "1",
        now: Samples.now
    )

    /// A folder with no more than the page of one view.
    private func folder(_ template: String) throws -> TestTemplates {
        try TestTemplates([
            "layouts/document.mustache": "{{title}}{{$body}}{{/body}}", "pages/hello.mustache": template,
            "static/site.css": "a{}", "static/mark.svg": "<svg/>",
        ])
    }

    @Test func `every template of this repository is right, and every view finds its own`() throws {
        let pages = try Pages(folder: TemplatesFolder.find(configured: nil))
        for sample in Samples().all { #expect(try !pages.render(sample.view, in: sample.frame).isEmpty) }
    }

    @Test func `a page is HTML that nobody may keep`() throws {
        let pages = try TestPages.pages.get()
        let answer = try pages.respond(ErrorView(status: .notFound), in: PagesTests.frame)
        #expect(answer.fields[.contentType] == "text/html; charset=utf-8" && answer.fields[.cacheControl] == "no-store")
        #expect(answer.body.length ?? 0 > 500)
        #expect(try pages.respond(SignInView(), in: PagesTests.frame).status == .ok)
        #expect(try pages.respond(SignInView(), in: PagesTests.frame, status: .unauthorized).status == .unauthorized)
        let refused = SignInView(problems: FormProblems(message: "no"))
        #expect(try pages.respond(refused, in: PagesTests.frame).status == .unprocessableContent)
    }

    @Test func `a mistake in a template stops the start, with its place`() throws {
        for template in ["one\ntwo {{#message}}", "one\ntwo {{{message}}}", "one\ntwo {{>nowhere}}"] {
            let folder = try folder(template)
            let error = #expect(throws: MustacheError.self) { try Pages(folder: TemplatesFolder(path: folder.path)) }
            let place = "\(folder.path)/pages/hello.mustache:2:5: "
            #expect(error?.description.hasPrefix(place) == true, "\(error?.description ?? "")")
        }
    }

    @Test func `a missing asset stops the start`() throws {
        let folder = try folder("")
        folder.remove("static/site.css")
        #expect(throws: AssetError.self) { try Pages(folder: TemplatesFolder(path: folder.path)) }
    }

    @Test func `while it is worked on, a change counts at once and a mistake changes nothing`() throws {
        let folder = try folder("first")
        let complaints = Lock([MustacheError]())
        let pages = try Pages(
            folder: TemplatesFolder(path: folder.path),
            reloads: true,
            complain: { error in
                complaints.withLock { $0.append(error) }
            }
        )
        let view = HelloView(message: "hello", username: "ada")
        let shown = { String(decoding: try pages.render(view, in: PagesTests.frame), as: UTF8.self) }
        #expect(try shown() == "first")
        try folder.write("second {{message}}", to: "pages/hello.mustache")
        #expect(try shown() == "second hello")
        try folder.write("third {{#message}}", to: "pages/hello.mustache")
        #expect(try shown() == "second hello")
        #expect(complaints.withLock(\.count) == 1)
        try folder.write("fourth {{mesage}}", to: "pages/hello.mustache")
        #expect(throws: MustacheError.self) { try shown() }
    }

    @Test func `in service a change does not count`() throws {
        let folder = try folder("first")
        let pages = try Pages(folder: TemplatesFolder(path: folder.path))
        try folder.write("second", to: "pages/hello.mustache")
        let view = HelloView(message: "hello", username: "ada")
        #expect(try pages.render(view, in: PagesTests.frame) == Array("first".utf8))
    }

    @Test func `the address of an asset changes when the asset does`() throws {
        let folder = try folder("")
        let before = try Assets(folder: "\(folder.path)/static")
        #expect(before.stylesheet.hasPrefix("/static/site.css?v=") && before.mark.hasPrefix("/static/mark.svg?v="))
        #expect(try Assets(folder: "\(folder.path)/static") == before)
        try folder.write("b{}", to: "static/site.css")
        let after = try Assets(folder: "\(folder.path)/static")
        #expect(after.stylesheet != before.stylesheet && after.mark == before.mark)
    }

    @Test func `the stylesheet is short and asks for nothing from elsewhere`() throws {
        let path = "\(try TestPages.pages.get().staticFolder)/site.css"
        let text = String(decoding: try #require(try File.contents(path: path, limit: 1 << 20)), as: UTF8.self)
        #expect(text.utf8.count < 12_288)
        #expect(!text.contains("@import") && !text.contains("url("))
        // Spaces are steps of four, up to 64; two pixels put a small picture on a line.
        for piece in text.pieces(from: "{", to: "}").flatMap({ $0.split(separator: ";") }) {
            let words = piece.split(whereSeparator: { $0 == ":" || $0.isWhitespace }).map(String.init)
            guard let name = words.first, name.hasPrefix("padding") || name.hasPrefix("margin") || name == "gap" else {
                continue
            }
            for word in words.dropFirst() where word.hasSuffix("px") {
                let steps = [2, 4, 8, 12, 16, 24, 32, 48, 64]
                #expect(steps.contains(abs(Int(word.dropLast(2)) ?? 0)), "\(piece)")
            }
        }
        for need in [
            "prefers-color-scheme: dark", "prefers-reduced-motion", "@media print", "pointer: coarse", ":focus-visible",
        ] {
            #expect(text.contains(need), "\(need)")
        }
    }

    @Test func `the folder is where the configuration says, and nowhere else then`() throws {
        let folder = try folder("")
        #expect(try TemplatesFolder.find(configured: folder.path).path == folder.path)
        let error = #expect(throws: TemplatesFolder.NotFound.self) {
            try TemplatesFolder.find(configured: "\(folder.path)/pages")
        }
        let words = "not found in \(folder.path)/pages; TEMPLATES_PATH says"
        #expect(error?.description.contains(words) == true)
    }
}
