import Testing

@testable import Mustache

/// The specification's `inverted`.
@Suite struct InvertedTests {
    @Test(arguments: [
        Scenario("false", "'{{^on}}seen{{/on}}'", ["on": false], shows: "'seen'"),
        Scenario("true", "'{{^on}}seen{{/on}}'", ["on": true], shows: "''"),
        Scenario("null", "'{{^on}}seen{{/on}}'", ["on": nil], shows: "'seen'"),
        Scenario("an object", "'{{^user}}I am {{name}}.{{/user}}'", ["user": ["name": "Ada"]], shows: "''"),
        Scenario("a list", "'{{^list}}{{n}}{{/list}}'", ["list": [["n": 1], ["n": 2]]], shows: "''"),
        Scenario("an empty list", "'{{^list}}none{{/list}}'", ["list": []], shows: "'none'"),
        Scenario(
            "twice",
            "{{^on}}\n* one\n{{/on}}\n* {{b}}\n{{^on}}\n* three\n{{/on}}\n",
            ["on": false, "b": "two"],
            shows: "* one\n* two\n* three\n"
        ),
        Scenario(
            "in itself, false",
            "< A {{^on}}B {{^on}}C{{/on}} D{{/on}} E >",
            ["on": false],
            shows: "< A B C D E >"
        ),
        Scenario("in itself, true", "< A {{^on}}B {{^on}}C{{/on}} D{{/on}} E >", ["on": true], shows: "< A  E >"),
        Scenario("nothing of that name", "[{{^on}}seen{{/on}}]", shows: "[seen]"),
        Scenario("a dotted name, true", "'{{^a.b.c}}seen{{/a.b.c}}'", ["a": ["b": ["c": true]]], shows: "''"),
        Scenario("a dotted name, false", "'{{^a.b.c}}seen{{/a.b.c}}'", ["a": ["b": ["c": false]]], shows: "'seen'"),
        Scenario("a dotted name, not there", "'{{^a.b.c}}seen{{/a.b.c}}'", ["a": [:]], shows: "'seen'"),
    ])
    func `an inverted section shows where the section would not`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario("around it", " < {{^on}}\t<\t{{/on}} < \n", ["on": false], shows: " < \t<\t < \n"),
        Scenario("within it", " < {{^on}} {{! seen }}\n {{/on}} < \n", ["on": false], shows: " <  \n  < \n"),
        Scenario("two on their lines", " {{^on}}A{{/on}}\n {{^on}}B{{/on}}\n", ["on": false], shows: " A\n B\n"),
        Scenario("alone on the line", "< a\n{{^on}}\n<\n{{/on}}\n< b\n", ["on": false], shows: "< a\n<\n< b\n"),
        Scenario("alone and indented", "< a\n  {{^on}}\n<\n  {{/on}}\n< b\n", ["on": false], shows: "< a\n<\n< b\n"),
        Scenario("lines ending in CRLF", "<\r\n{{^on}}\r\n{{/on}}\r\n<", ["on": false], shows: "<\r\n<"),
        Scenario("alone on the first line", "  {{^on}}\n^{{/on}}\n/", ["on": false], shows: "^\n/"),
        Scenario("alone on a last line without an end", "^{{^on}}\n/\n  {{/on}}", ["on": false], shows: "^\n/\n"),
        Scenario("within the tags", "<{{^ on }}={{/ on }}>", ["on": false], shows: "<=>"),
    ])
    func `lines of an inverted section's tags alone do not show`(scenario: Scenario) throws { try scenario.check() }
}
