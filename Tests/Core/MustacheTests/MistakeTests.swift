import Testing

@testable import Mustache

@Suite struct MistakeTests {
    @Test(arguments: [
        ("{{#a}}", "1:1: {{#a}} is never closed"),
        ("\n  {{^a}}\n", "2:3: {{^a}} is never closed"),
        ("{{<part}}", "1:1: {{<part}} is never closed"),
        ("{{$a}}", "1:1: {{$a}} is never closed"),
        ("x{{/a}}", "1:2: {{/a}} closes nothing: no tag is open here"),
        ("{{#a}}\n é{{/b}}", "2:3: {{/b}} does not close {{#a}}, opened at line 1, column 1"),
        ("{{#a}}{{#b}}{{/a}}", "1:13: {{/a}} does not close {{#b}}, opened at line 1, column 7"),
        ("{{#a}}{{/a.b}}", "1:7: {{/a.b}} does not close {{#a}}, opened at line 1, column 1"),
        ("one {{two", "1:5: this tag is never closed"),
        ("one {{{two}} three", "1:5: this tag is never closed"),
        ("{{! one", "1:1: this tag is never closed"),
        ("{{=<% %>", "1:1: this tag is never closed"),
        ("{{}}", "1:1: this tag names nothing"),
        ("{{# }}", "1:1: this tag names nothing"),
        ("{{a b}}", "1:1: a name has no white space in it: a b"),
        ("{{#if\n  a}}", "1:1: a name has no white space in it: if a"),
        ("{{a{{b}}", "1:1: this tag is not closed before the next one begins"),
        ("{{{a}}{{{b}}}", "1:1: this tag is not closed before the next one begins"),
        ("{{a..b}}", "1:1: a dot stands between two names: a..b"),
        ("{{.a}}", "1:1: a dot stands between two names: .a"),
        ("{{a.}}", "1:1: a dot stands between two names: a."),
        ("{{>*a}}", "1:1: the name of a template can not come from the data: *a"),
        ("{{=<%=}}", "1:1: delimiters are two marks with a space between them and no = in them"),
        ("{{=a b c=}}", "1:1: delimiters are two marks with a space between them and no = in them"),
        ("{{== ==}}", "1:1: delimiters are two marks with a space between them and no = in them"),
        ("{{>pat}}", "1:1: there is no template named pat; did you mean part?"),
        ("{{<quite-another}}{{/quite-another}}", "1:1: there is no template named quite-another; there is main, part"),
        ("{{<part}}{{a}}{{/part}}", "1:10: this never shows: only blocks count between {{<part}} and its end"),
        ("{{<part}}{{#a}}{{/a}}{{/part}}", "1:10: this never shows: only blocks count between {{<part}} and its end"),
        ("{{<part}}{{>part}}{{/part}}", "1:10: this never shows: only blocks count between {{<part}} and its end"),
        (
            "{{<part}}{{<part}}{{/part}}{{/part}}",
            "1:10: this never shows: only blocks count between {{<part}} and its end"
        ),
        ("{{<part}}{{$a}}{{/a}}{{$a}}{{/a}}{{/part}}", "1:22: the block a is given to part twice"),
    ])
    func `a mistake is told with its place`(template: String, message: String) {
        #expect(mistakes(template, partials: ["part": "{{$a}}{{/a}}"]) == ["main:" + message])
    }

    @Test func `all mistakes of all templates are told at once`() {
        let found = mistakes(
            "{{#a}}\n{{/b}}\n{{c d}}\n{{>gone}}",
            partials: ["part": "{{>gone}}\n{{>gone}}", "other": "{{"]
        )
        // A template with mistakes of its own is not looked at with the others.
        #expect(
            found == [
                "main:2:1: {{/b}} does not close {{#a}}, opened at line 1, column 1",
                "main:3:1: a name has no white space in it: c d",
                "other:1:1: this tag is never closed",
                "part:1:1: there is no template named gone; there is main, other, part",
                "part:2:1: there is no template named gone; there is main, other, part",
            ]
        )
    }

    @Test func `a mistake of a partial is told once, however often it is included`() {
        let found = mistakes("{{>part}}{{>part}}", partials: ["part": "{{>gone}}", "third": "{{>part}}"])
        #expect(found.count == 1)
    }

    @Test func `of a parent with mistakes no block is missed`() {
        let found = mistakes("{{<part}}{{$a}}{{/a}}{{/part}}", partials: ["part": "{{$a}}{{/a}}{{"])
        #expect(found == ["part:1:13: this tag is never closed"])
    }

    @Test func `a thousand mistakes are not all told`() {
        #expect(mistakes(String(repeating: "{{>gone}}", count: 1_000)).count == Linker.mostMistakes)
    }

    @Test func `two templates of one name are a mistake`() {
        #expect(
            throws: MustacheError(
                .syntax,
                at: TemplatePlace(file: "a", line: 1, column: 1),
                "two templates are named a"
            )
        ) {
            try TemplateLibrary([TemplateSource(name: "a", "1"), TemplateSource(name: "a", "2")])
        }
    }

    @Test func `a template must be UTF-8`() {
        let error = #expect(throws: MustacheError.self) {
            try TemplateLibrary([TemplateSource(name: "a", file: "a.mustache", [0x61, 0x0A, 0xFF, 0x62])])
        }
        #expect(error?.description == "a.mustache:2:1: the bytes from here on are not UTF-8")
    }

    @Test func `a name that is not there is answered with those that are near`() throws {
        let library = try TemplateLibrary(["users", "users/edit", "account"].map { TemplateSource(name: $0, "") })
        let error = #expect(throws: MustacheError.self) { try library.template(named: "user") }
        #expect(error?.description == "there is no template named user; did you mean users?")
        #expect(library.names == ["account", "users", "users/edit"])
    }

    @Test(arguments: [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("layout", "lauoyt", 2), ("é", "e", 1)])
    func `the distance of two names counts changes`(left: String, right: String, distance: Int) {
        #expect(CloseNames.distance(left, right) == distance && CloseNames.distance(right, left) == distance)
    }
}
