import Testing

@testable import Mustache

private let signs: MustacheValue = "& \" < >"
private let nested: MustacheValue = ["a": ["b": ["c": ["d": ["e": ["name": "Ada"]]]]]]

/// The specification's `interpolation`.
@Suite struct InterpolationTests {
    @Test(arguments: [
        Scenario("no tag", "Hello, {world}!\n", shows: "Hello, {world}!\n"),
        Scenario("a text", "Hello, {{who}}!\n", ["who": "world"], shows: "Hello, world!\n"),
        Scenario("a text with a tag in it", "{{a}}: {{b}}", ["a": "{{b}}", "b": "Mars"], shows: "{{b}}: Mars"),
        Scenario("escaped", "Escaped: {{signs}}\n", ["signs": signs], shows: "Escaped: &amp; &quot; &lt; &gt;\n"),
        Scenario("a triple", "As it is: {{{signs}}}\n", ["signs": signs], shows: "As it is: & \" < >\n"),
        Scenario("an ampersand", "As it is: {{&signs}}\n", ["signs": signs], shows: "As it is: & \" < >\n"),
        Scenario("an integer", "'{{n}} a day'", ["n": 24], shows: "'24 a day'"),
        Scenario("an integer in a triple", "'{{{n}}} a day'", ["n": 24], shows: "'24 a day'"),
        Scenario("an integer behind an ampersand", "'{{&n}} a day'", ["n": 24], shows: "'24 a day'"),
        Scenario("a decimal", "'{{n}} litres'", ["n": 2.50], shows: "'2.5 litres'"),
        Scenario("a decimal in a triple", "'{{{n}}} litres'", ["n": 2.50], shows: "'2.5 litres'"),
        Scenario("a decimal behind an ampersand", "'{{&n}} litres'", ["n": 2.50], shows: "'2.5 litres'"),
        Scenario("null", "({{n}})", ["n": nil], shows: "()"),
        Scenario("null in a triple", "({{{n}}})", ["n": nil], shows: "()"),
        Scenario("null behind an ampersand", "({{&n}})", ["n": nil], shows: "()"),
        Scenario("nothing of that name", "({{n}})", shows: "()"),
        Scenario("nothing of that name in a triple", "({{{n}}})", shows: "()"),
        Scenario("nothing of that name behind an ampersand", "({{&n}})", shows: "()"),
    ])
    func `a value shows in its place`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario("like a section", "{{u.n}} {{#u}}{{n}}{{/u}}", ["u": ["n": "Ada"]], shows: "Ada Ada"),
        Scenario("in a triple", "{{{u.n}}} {{#u}}{{{n}}}{{/u}}", ["u": ["n": "Ada"]], shows: "Ada Ada"),
        Scenario("behind an ampersand", "{{&u.n}} {{#u}}{{&n}}{{/u}}", ["u": ["n": "Ada"]], shows: "Ada Ada"),
        Scenario("many parts", "'{{a.b.c.d.e.name}}'", nested, shows: "'Ada'"),
        Scenario("a part that is not there", "'{{a.b.c}}'", ["a": [:]], shows: "''"),
        Scenario(
            "each part is looked up in the one before alone",
            "'{{a.b.c.name}}'",
            ["a": ["b": [:]], "c": ["name": "Ada"]],
            shows: "''"
        ),
        Scenario(
            "the first part is looked up like any name",
            "'{{#a}}{{b.c.d.e.name}}{{/a}}'",
            ["a": ["b": ["c": ["d": ["e": ["name": "Ada"]]]]], "b": ["c": ["d": ["e": ["name": "wrong"]]]]],
            shows: "'Ada'"
        ),
        Scenario(
            "the innermost first part counts, though the next is not in it",
            "{{#a}}{{b.c}}{{/a}}",
            ["a": ["b": [:]], "b": ["c": "wrong"]],
            shows: ""
        ),
        Scenario("a name with a dot in it is never found", "{{a.b}}", ["a.b": "wrong"], shows: ""),
        Scenario("nor does it hide anything", "{{a.b}}", ["a.b": "wrong", "a": ["b": "right"]], shows: "right"),
    ])
    func `a dotted name goes from value to value`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario("a text", "Hello, {{.}}!\n", "world", shows: "Hello, world!\n"),
        Scenario("escaped", "Escaped: {{.}}\n", signs, shows: "Escaped: &amp; &quot; &lt; &gt;\n"),
        Scenario("a triple", "As it is: {{{.}}}\n", signs, shows: "As it is: & \" < >\n"),
        Scenario("an ampersand", "As it is: {{&.}}\n", signs, shows: "As it is: & \" < >\n"),
        Scenario("an integer", "'{{.}} a day'", 24, shows: "'24 a day'"),
    ])
    func `a dot is the present value`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario("around a value", "< {{text}} >", ["text": "---"], shows: "< --- >"),
        Scenario("around a triple", "< {{{text}}} >", ["text": "---"], shows: "< --- >"),
        Scenario("around an ampersand", "< {{&text}} >", ["text": "---"], shows: "< --- >"),
        Scenario("a value alone on its line", "  {{text}}\n", ["text": "---"], shows: "  ---\n"),
        Scenario("a triple alone on its line", "  {{{text}}}\n", ["text": "---"], shows: "  ---\n"),
        Scenario("an ampersand alone on its line", "  {{&text}}\n", ["text": "---"], shows: "  ---\n"),
        Scenario("within a tag", "<{{ text }}>", ["text": "---"], shows: "<--->"),
        Scenario("within a triple", "<{{{ text }}}>", ["text": "---"], shows: "<--->"),
        Scenario("behind an ampersand", "<{{& text }}>", ["text": "---"], shows: "<--->"),
    ])
    func `white space around a value stays and in its tag does not matter`(scenario: Scenario) throws {
        try scenario.check()
    }
}
