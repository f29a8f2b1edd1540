import Testing

@testable import Mustache

/// The specification's `partials`.
@Suite struct PartialTests {
    @Test(arguments: [
        Scenario("a text", "'{{>part}}'", partials: ["part": "from there"], shows: "'from there'"),
        Scenario("none of that name", "'{{>part}}'", shows: "''"),
        Scenario(
            "with the data of its place",
            "'{{>part}}'",
            ["a": "seen"],
            partials: ["part": "*{{a}}*"],
            shows: "'*seen*'"
        ),
        Scenario(
            "in itself, as deep as the data",
            "{{>node}}",
            ["text": "A", "nodes": [["text": "B", "nodes": []]]],
            partials: ["node": "{{text}}<{{#nodes}}{{>node}}{{/nodes}}>"],
            shows: "A<B<>>"
        ),
        Scenario(
            "in another",
            "{{>outer}}",
            ["a": "Hello", "b": "world"],
            partials: ["outer": "*{{a}} {{>inner}}*", "inner": "{{b}}!"],
            shows: "*Hello world!*"
        ),
        Scenario("white space around it", "< {{>part}} >", partials: ["part": "\t<\t"], shows: "< \t<\t >"),
        Scenario(
            "not alone on its line",
            "  {{a}}  {{> part}}\n",
            ["a": "|"],
            partials: ["part": ">\n>"],
            shows: "  |  >\n>\n"
        ),
        Scenario("alone, lines ending in CRLF", "<\r\n{{>part}}\r\n<", partials: ["part": ">"], shows: "<\r\n><"),
        Scenario("alone on the first line", "  {{>part}}\n<", partials: ["part": ">\n>"], shows: "  >\n  ><"),
        Scenario(
            "alone on a last line without an end",
            "<\n  {{>part}}",
            partials: ["part": ">\n>"],
            shows: "<\n  >\n  >"
        ),
        Scenario(
            "lines of the template are indented, those of a value are not",
            "\\\n {{>part}}\n/\n",
            ["text": "<\n->"],
            partials: ["part": "|\n{{{text}}}\n|\n"],
            shows: "\\\n |\n <\n->\n |\n/\n"
        ),
        Scenario("white space in the tag", "<{{> part }}>", partials: ["part": "[]"], shows: "<[]>"),
    ])
    func `a partial shows another template`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario(
            "indented in what is indented",
            "  {{>a}}\n",
            partials: ["a": "a\n  {{>b}}\na\n", "b": "b\n  b\n"],
            shows: "  a\n    b\n      b\n  a\n"
        ),
        Scenario("an empty line is a line", "  {{>a}}\n", partials: ["a": "a\n\na\n"], shows: "  a\n  \n  a\n"),
        Scenario(
            "lines that do not show are not indented",
            "  {{>a}}\n",
            ["on": true],
            partials: ["a": "{{#on}}\n  {{! nothing }}\na\n{{/on}}\n{{^on}}b{{/on}}\n"],
            shows: "  a\n  \n"
        ),
        Scenario(
            "not alone in what is indented",
            "  {{>a}}\n",
            partials: ["a": "({{>b}})\n", "b": "b\nb"],
            shows: "  (b\nb)\n"
        ),
        Scenario("tabs", "\t{{>a}}\r\n", partials: ["a": "a\r\n\ta\r\n"], shows: "\ta\r\n\t\ta\r\n"),
    ])
    func `indentation adds up`(scenario: Scenario) throws { try scenario.check() }

    @Test func `a partial in itself is indented deeper each time`() throws {
        let tree: MustacheValue = [
            "name": "a",
            "nodes": [["name": "b", "nodes": [["name": "c", "nodes": []]]], ["name": "d", "nodes": []]],
        ]
        let node = "<li>{{name}}\n{{#nodes}}\n  {{>node}}\n{{/nodes}}\n</li>\n"
        let shown = try render(" {{>node}}\n", tree, partials: ["node": node])
        #expect(
            shown == """
                 <li>a
                   <li>b
                     <li>c
                     </li>
                   </li>
                   <li>d
                   </li>
                 </li>

                """
        )
    }

    @Test func `a partial in itself among other things is not indented`() throws {
        let tree: MustacheValue = ["name": "a", "nodes": [["name": "b", "nodes": []]]]
        let node = "{{name}}\n{{#nodes}}({{>node}}){{/nodes}}\n"
        #expect(try render("  {{>node}}\n", tree, partials: ["node": node]) == "  a\n  (b\n\n)\n")
    }

    @Test func `among other things a partial in itself forgets the indentation of its place`() throws {
        let node = "{{name}}\n{{#nodes}}\n  {{>node}}\n{{/nodes}}\n{{#more}}({{>node}}){{/more}}\n"
        let leaf: MustacheValue = ["name": "c", "nodes": [], "more": nil]
        let data: MustacheValue = ["name": "a", "nodes": [["name": "b", "nodes": [], "more": leaf]], "more": nil]
        #expect(try render("{{>node}}", data, partials: ["node": node]) == "a\n  b\n  (c\n\n)\n\n")
    }

    @Test func `two templates that include each other show the data between them`() throws {
        let data: MustacheValue = ["next": ["next": ["next": ["next": nil]]]]
        let shown = try render(
            "{{>a}}",
            data,
            partials: ["a": "a{{#next}}{{>b}}{{/next}}", "b": "b{{#next}}{{>a}}{{/next}}"]
        )
        #expect(shown == "abab")
    }
}
