import Testing

@testable import Mustache

/// What the specification leaves open about inheritance, and pages rely on.
@Suite struct LayoutTests {
    private let layout = """
        <title>{{$title}}Site{{/title}}</title>
        <main>
          {{$content}}
          {{/content}}
        </main>

        """

    @Test func `a page fills its layout, with the layout's indentation`() throws {
        let page = """
            {{<layout}}
                {{$title}}Users{{/title}}
                {{$content}}
                    {{#rows}}
                    <p>
                        {{>name}}
                    </p>
                    {{/rows}}
                {{/content}}
            {{/layout}}

            """
        let shown = try render(
            page,
            ["rows": [["name": "a"], ["name": "b"]]],
            partials: ["layout": layout, "name": "<b>{{name}}</b>\n"]
        )
        #expect(
            shown == """
                <title>Users</title>
                <main>
                  <p>
                      <b>a</b>
                  </p>
                  <p>
                      <b>b</b>
                  </p>
                </main>

                """
        )
    }

    @Test func `a section that does not show leaves no white space behind`() throws {
        let page = "{{<p}}{{$a}}\n{{#on}}\none\n{{/on}}\ntwo\n{{/a}}{{/p}}"
        #expect(try render(page, ["on": true], partials: ["p": "  {{$a}}{{/a}}."]) == "  one\n  two\n.")
        #expect(try render(page, ["on": false], partials: ["p": "  {{$a}}{{/a}}."]) == "  two\n.")
    }

    @Test func `lines put behind a text are not indented by it`() throws {
        let page = "{{<p}}{{$a}}\n  one\n    two\n{{/a}}{{/p}}"
        #expect(try render(page, partials: ["p": "  <p>{{$a}}{{/a}}</p>\n"]) == "  <p>one\n  two\n</p>\n")
        #expect(
            try render("  {{>page}}\n", partials: ["page": page, "p": "<p>{{$a}}{{/a}}</p>\n"])
                == "  <p>one\n    two\n</p>\n"
        )
    }

    @Test(arguments: [
        Scenario(
            "nothing is put there",
            "  {{<p}}{{$a}}\n{{/a}}{{/p}}\n",
            partials: ["p": "({{$a}}{{/a}}{{>q}})\n", "q": "  q"],
            shows: "  (  q)\n"
        ),
        Scenario(
            "a parent is put there",
            "  {{<p}}{{$a}}\n{{<q}}{{/q}}\n{{/a}}{{/p}}\n",
            partials: ["p": "({{$a}}{{/a}})\n", "q": "1\n2\n"],
            shows: "  (1\n  2\n)\n"
        ),
        Scenario(
            "a section is put there",
            "  {{<p}}{{$a}}\n{{#list}}\n{{.}}\n{{/list}}\n{{/a}}{{/p}}\n",
            ["list": [1, 2]],
            partials: ["p": "({{$a}}{{/a}})\n"],
            shows: "  (  1\n  2\n)\n"
        ),
        Scenario(
            "a template in itself is put there",
            "{{>node}}",
            ["nodes": [["name": "a", "nodes": [["name": "b", "nodes": []]]]]],
            partials: [
                "node": "{{#nodes}}\n  {{<p}}\n  {{$a}}\n  {{name}}\n  {{>node}}\n  {{/a}}\n  {{/p}}\n{{/nodes}}\n",
                "p": "({{$a}}{{/a}})\n",
            ],
            shows: "  (a\n    (b\n)\n)\n"
        ),
    ])
    func `behind a text the first line goes on with it`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario(
            "a text instead of lines",
            "{{<p}}{{$a}}given{{/a}}{{/p}}",
            partials: ["p": "see\n  {{$a}}\n    usual\n  {{/a}}\n."],
            shows: "see\n    given."
        ),
        Scenario(
            "an empty line has no indentation that counts",
            "{{<p}}{{$a}}\n    1\n\n\r\n    2\n{{/a}}{{/p}}",
            partials: ["p": "  {{$a}}{{/a}}"],
            shows: "  1\n  \n  \r\n  2\n"
        ),
        Scenario(
            "what a parent is given has its own",
            "{{<p}}{{$a}}\n    1\n    {{<q}}\n{{$b}}\n2\n{{/b}}\n    {{/q}}\n{{/a}}{{/p}}",
            partials: ["p": "{{$a}}{{/a}}", "q": "{{$b}}{{/b}}"],
            shows: "1\n2\n"
        ),
        Scenario(
            "an empty block counts",
            "{{<p}}{{$b}}\n1\n{{/b}}{{/p}}",
            partials: ["p": "{{<q}}{{$a}}\n  {{$b}}\n  {{/b}}\n{{/a}}{{/q}}", "q": "{{$a}}{{/a}}"],
            shows: "1\n"
        ),
        Scenario(
            "of a line that a block's end begins, the next block has none",
            "{{<p}}\n{{$a}}\n  1\n  {{/a}}{{$b}}2\n    3{{/b}}{{/p}}",
            partials: ["p": "{{$a}}{{/a}}{{$b}}{{/b}}"],
            shows: "1\n2\n    3"
        ),
        Scenario(
            "a block that begins its line lends it to its lines",
            "{{<p}}\n  {{$a}}1\n  2{{/a}}\n{{/p}}",
            partials: ["p": "{{$a}}{{/a}}"],
            shows: "1\n2"
        ),
        Scenario(
            "a parent with something behind it",
            "  {{<p}}{{/p}} 3\n",
            partials: ["p": "1\n2"],
            shows: "  1\n2 3\n"
        ),
        Scenario(
            "a parent with something before it",
            "0 {{<p}}{{/p}}\n3\n",
            partials: ["p": "1\n2"],
            shows: "0 1\n2\n3\n"
        ),
    ])
    func `indentation is that of lines that show`(scenario: Scenario) throws { try scenario.check() }

    @Test func `a block given to a page is not one of what the page includes elsewhere`() throws {
        // Both have a title: that of the page must not get into the card.
        let page = """
            {{<layout}}{{$title}}Page{{/title}}{{$content}}
            {{>card}}|{{<card}}{{$title}}Mine{{/title}}{{/card}}
            {{/content}}{{/layout}}
            """
        let shown = try render(page, partials: ["layout": layout, "card": "[{{$title}}Card{{/title}}]"])
        #expect(shown == "<title>Page</title>\n<main>\n  [Card]|[Mine]\n</main>\n")
    }

    @Test func `a block given to a template reaches what the template includes`() throws {
        let shown = try render(
            "{{<outer}}{{$a}}given{{/a}}{{/outer}}",
            partials: ["outer": "{{>inner}}", "inner": "({{$a}}usual{{/a}})"]
        )
        #expect(shown == "(given)")
    }

    @Test func `a block within the block of the same name is what it replaces elsewhere`() throws {
        let shown = try render("{{<p}}{{$a}}x{{$a}}y{{/a}}{{/a}}{{/p}}", partials: ["p": "{{$a}}usual{{/a}}"])
        #expect(shown == "xy")
    }

    @Test func `one block can stand in several places`() throws {
        let shown = try render(
            "{{<p}}{{$a}}Users{{/a}}{{/p}}",
            partials: ["p": "<title>{{$a}}{{/a}}</title><h1>{{$a}}{{/a}}</h1>"]
        )
        #expect(shown == "<title>Users</title><h1>Users</h1>")
    }

    @Test func `a layout can be included by a template that includes itself`() throws {
        let node = "{{<box}}{{$a}}{{name}}{{#nodes}}{{>node}}{{/nodes}}{{/a}}{{/box}}"
        let data: MustacheValue = ["name": "a", "nodes": [["name": "b", "nodes": []], ["name": "c", "nodes": []]]]
        #expect(try render("{{>node}}", data, partials: ["node": node, "box": "[{{$a}}{{/a}}]"]) == "[a[b][c]]")
    }

    @Test func `an unknown block is a mistake that names those there are`() {
        #expect(
            mistakes("{{<layout}}\n  {{$titel}}Users{{/titel}}\n{{/layout}}", partials: ["layout": layout]) == [
                "main:2:3: layout has no block named titel; did you mean title?"
            ]
        )
        #expect(
            mistakes("{{<layout}}{{$sidebar}}{{/sidebar}}{{/layout}}", partials: ["layout": layout]) == [
                "main:1:12: layout has no block named sidebar; there is content, title"
            ]
        )
    }
}
