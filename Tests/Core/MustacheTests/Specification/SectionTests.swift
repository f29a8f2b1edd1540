import Testing

@testable import Mustache

private let letters: MustacheValue = ["list": ["a", "b", "c"]]
private let signs: MustacheValue = ["list": ["&", "\"", "<", ">"]]

/// The specification's `sections`.
@Suite struct SectionTests {
    @Test(arguments: [
        Scenario("true", "'{{#on}}seen{{/on}}'", ["on": true], shows: "'seen'"),
        Scenario("false", "'{{#on}}seen{{/on}}'", ["on": false], shows: "''"),
        Scenario("null", "'{{#on}}seen{{/on}}'", ["on": nil], shows: "''"),
        Scenario("an object", "'{{#user}}I am {{name}}.{{/user}}'", ["user": ["name": "Ada"]], shows: "'I am Ada.'"),
        Scenario(
            "names of the objects around it",
            "'{{#inner}}{{a}}, {{b}}, {{c.d}}{{/inner}}'",
            ["a": "one", "b": "wrong", "inner": ["b": "two"], "c": ["d": "three"]],
            shows: "'one, two, three'"
        ),
        Scenario(
            "a text, by its name and as the present value",
            "'{{#a}}{{.}} is {{a}}{{/a}}'",
            ["a": "it"],
            shows: "'it is it'"
        ),
        Scenario(
            "lists in lists",
            "{{#rows}}{{#cells}}{{at.low}}{{n}}.{{#marks}}{{at.up}}{{n}}{{m}}.{{/marks}}{{/cells}}{{/rows}}",
            ["rows": [["at": ["up": "A", "low": "a"], "cells": [["n": "1", "marks": [["m": "x"], ["m": "y"]]]]]]],
            shows: "a1.A1x.A1y."
        ),
        Scenario(
            "a list of objects",
            "'{{#list}}{{n}}{{/list}}'",
            ["list": [["n": 1], ["n": 2], ["n": 3]]],
            shows: "'123'"
        ),
        Scenario("an empty list", "'{{#list}}seen{{/list}}'", ["list": []], shows: "''"),
        Scenario(
            "twice",
            "{{#on}}\n* one\n{{/on}}\n* {{b}}\n{{#on}}\n* three\n{{/on}}\n",
            ["on": true, "b": "two"],
            shows: "* one\n* two\n* three\n"
        ),
        Scenario("in itself, true", "< A {{#on}}B {{#on}}C{{/on}} D{{/on}} E >", ["on": true], shows: "< A B C D E >"),
        Scenario("in itself, false", "< A {{#on}}B {{#on}}C{{/on}} D{{/on}} E >", ["on": false], shows: "< A  E >"),
        Scenario("nothing of that name", "[{{#on}}seen{{/on}}]", shows: "[]"),
        Scenario("a dotted name, true", "'{{#a.b.c}}seen{{/a.b.c}}'", ["a": ["b": ["c": true]]], shows: "'seen'"),
        Scenario("a dotted name, false", "'{{#a.b.c}}seen{{/a.b.c}}'", ["a": ["b": ["c": false]]], shows: "''"),
        Scenario("a dotted name, not there", "'{{#a.b.c}}seen{{/a.b.c}}'", ["a": [:]], shows: "''"),
    ])
    func `a section shows for each value`(scenario: Scenario) throws { try scenario.check() }

    @Test func `every value around a section is in reach`() throws {
        let template = """
            {{#a}}
            {{one}}
            {{#b}}
            {{one}}{{two}}{{one}}
            {{#c}}
            {{one}}{{two}}{{three}}{{two}}{{one}}
            {{#d}}
            {{three}}{{four}}{{three}}
            {{#five}}
            {{four}}{{five}}{{four}}
            {{four}}{{.}}6{{.}}{{four}}
            {{/five}}
            {{one}}{{four}}{{one}}
            {{/d}}
            {{two}}{{three}}{{two}}
            {{/c}}
            {{one}}{{two}}{{three}}
            {{/b}}
            {{one}}{{two}}
            {{/a}}

            """
        let data: MustacheValue = [
            "a": ["one": 1], "b": ["two": 2], "c": ["three": 3, "d": ["four": 4, "five": 5]],
        ]
        #expect(try render(template, data) == "1\n121\n12321\n343\n454\n45654\n141\n232\n12\n1\n")
    }

    @Test(arguments: [
        Scenario("texts", "'{{#list}}({{.}}){{/list}}'", letters, shows: "'(a)(b)(c)'"),
        Scenario("integers", "'{{#list}}({{.}}){{/list}}'", ["list": [1, 2, 3]], shows: "'(1)(2)(3)'"),
        Scenario("decimals", "'{{#list}}({{.}}){{/list}}'", ["list": [1.10, 2.20, 5.50]], shows: "'(1.1)(2.2)(5.5)'"),
        Scenario(
            "lists",
            "'{{#list}}({{#.}}{{.}}{{/.}}){{/list}}'",
            ["list": [[1, 2], ["a", "b"]]],
            shows: "'(12)(ab)'"
        ),
        Scenario("escaped", "'{{#list}}({{.}}){{/list}}'", signs, shows: "'(&amp;)(&quot;)(&lt;)(&gt;)'"),
        Scenario("in a triple", "'{{#list}}({{{.}}}){{/list}}'", signs, shows: "'(&)(\")(<)(>)'"),
        Scenario("behind an ampersand", "'{{#list}}({{&.}}){{/list}}'", signs, shows: "'(&)(\")(<)(>)'"),
        Scenario("the data itself a list", "'{{#.}}({{n}}){{/.}}'", [["n": "a"], ["n": "b"]], shows: "'(a)(b)'"),
    ])
    func `a dot is the present element`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario("around it", " < {{#on}}\t<\t{{/on}} < \n", ["on": true], shows: " < \t<\t < \n"),
        Scenario("within it", " < {{#on}} {{! seen }}\n {{/on}} < \n", ["on": true], shows: " <  \n  < \n"),
        Scenario("two on their lines", " {{#on}}A{{/on}}\n {{#on}}B{{/on}}\n", ["on": true], shows: " A\n B\n"),
        Scenario("alone on the line", "< a\n{{#on}}\n<\n{{/on}}\n< b\n", ["on": true], shows: "< a\n<\n< b\n"),
        Scenario("alone and indented", "< a\n  {{#on}}\n<\n  {{/on}}\n< b\n", ["on": true], shows: "< a\n<\n< b\n"),
        Scenario("lines ending in CRLF", "<\r\n{{#on}}\r\n{{/on}}\r\n<", ["on": true], shows: "<\r\n<"),
        Scenario("alone on the first line", "  {{#on}}\n#{{/on}}\n/", ["on": true], shows: "#\n/"),
        Scenario("alone on a last line without an end", "#{{#on}}\n/\n  {{/on}}", ["on": true], shows: "#\n/\n"),
        Scenario("within the tags", "<{{# on }}={{/ on }}>", ["on": true], shows: "<=>"),
    ])
    func `lines of a section's tags alone do not show`(scenario: Scenario) throws { try scenario.check() }
}
