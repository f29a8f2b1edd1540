import Testing

@testable import Mustache

/// The specification's `comments` and `delimiters`.
@Suite struct CommentTests {
    @Test(arguments: [
        Scenario("in a line", "one{{! not seen }}two", shows: "onetwo"),
        Scenario("of several lines", "one{{!\n  not\n  seen\n}}two\n", shows: "onetwo\n"),
        Scenario("alone on its line", "above\n{{! not seen }}\nbelow\n", shows: "above\nbelow\n"),
        Scenario("alone and indented", "above\n  {{! not seen }}\nbelow\n", shows: "above\nbelow\n"),
        Scenario("alone, lines ending in CRLF", "a\r\n{{! not seen }}\r\nb", shows: "a\r\nb"),
        Scenario("alone on the first line", "  {{! not seen }}\nb", shows: "b"),
        Scenario("alone on a last line without an end", "a\n  {{! not seen }}", shows: "a\n"),
        Scenario("of several lines, alone on them", "above\n{{!\nnot seen\n}}\nbelow\n", shows: "above\nbelow\n"),
        Scenario("of several indented lines", "above\n  {{!\n    not seen\n  }}\nbelow\n", shows: "above\nbelow\n"),
        Scenario("behind text, with its white space", "  a {{! not seen }}\n", shows: "  a \n"),
        Scenario("between white space", "a {{! not seen }} b", shows: "a  b"),
        Scenario(
            "like a name in the data",
            "shows >{{! name }}<",
            ["! name": 1, "! name ": 2, "!name": 3, "name": 4],
            shows: "shows ><"
        ),
    ])
    func `a comment shows nothing`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario("a pair", "{{=<% %>=}}(<%greeting%>)", ["greeting": "Hi"], shows: "(Hi)"),
        Scenario("signs that patterns are written with", "({{=[ ]=}}[greeting])", ["greeting": "Hi"], shows: "(Hi)"),
        Scenario(
            "behind a section",
            "<\n{{#on}}\n  {{text}}\n  |text|\n{{/on}}\n\n{{= | | =}}\n|#on|\n  {{text}}\n  |text|\n|/on|\n>\n",
            ["on": true, "text": "seen"],
            shows: "<\n  seen\n  |text|\n\n  {{text}}\n  seen\n>\n"
        ),
        Scenario(
            "behind an inverted section",
            "<\n{{^on}}\n  {{text}}\n  |text|\n{{/on}}\n\n{{= | | =}}\n|^on|\n  {{text}}\n  |text|\n|/on|\n>\n",
            ["on": false, "text": "seen"],
            shows: "<\n  seen\n  |text|\n\n  {{text}}\n  seen\n>\n"
        ),
        Scenario(
            "not for a partial",
            "< {{>part}} >\n{{= | | =}}\n< |>part| >\n",
            ["answer": "yes"],
            partials: ["part": ".{{answer}}."],
            shows: "< .yes. >\n< .yes. >\n"
        ),
        Scenario(
            "not behind a partial",
            "< {{>part}} >\n< .{{answer}}.  .|answer|. >\n",
            ["answer": "yes"],
            partials: ["part": ".{{answer}}. {{= | | =}} .|answer|."],
            shows: "< .yes.  .yes. >\n< .yes.  .|answer|. >\n"
        ),
        Scenario("between white space", "< {{=@ @=}} >", shows: "<  >"),
        Scenario("behind text, with its white space", " < {{=@ @=}}\n", shows: " < \n"),
        Scenario("alone on the line", "above\n{{=@ @=}}\nbelow\n", shows: "above\nbelow\n"),
        Scenario("alone and indented", "above\n  {{=@ @=}}\nbelow\n", shows: "above\nbelow\n"),
        Scenario("alone, lines ending in CRLF", "a\r\n{{= @ @ =}}\r\nb", shows: "a\r\nb"),
        Scenario("alone on the first line", "  {{=@ @=}}\nb", shows: "b"),
        Scenario("alone on a last line without an end", "a\n  {{=@ @=}}", shows: "a\n"),
        Scenario("with more white space", "<{{= @   @ =}}>", shows: "<>"),
        // Beyond the specification's own cases:
        Scenario("back again", "{{=@ @=}}@a@{{a}}@={{ }}=@{{a}}@a@", ["a": 1], shows: "1{{a}}1@a@"),
        Scenario("a triple between other marks", "{{=<% %>=}}<%{a}%><%&a%>", ["a": "<"], shows: "<<"),
        Scenario("marks of different lengths", "{{=<<< >=}}<<<a> <<a>", ["a": 1], shows: "1 <<a>"),
    ])
    func `delimiters hold to the end of their template`(scenario: Scenario) throws { try scenario.check() }
}
