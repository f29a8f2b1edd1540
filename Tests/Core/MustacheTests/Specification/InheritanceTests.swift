import Testing

@testable import Mustache

/// The specification's optional `~inheritance`.
@Suite struct InheritanceTests {
    @Test(arguments: [
        Scenario("a text", "{{$title}}As usual{{/title}}\n", shows: "As usual\n"),
        Scenario("a value", "{{$a}}usual {{b}} text{{/a}}\n", ["b": "old"], shows: "usual old text\n"),
        Scenario("a triple", "{{$a}}usual {{{b}}} text{{/a}}\n", ["b": "<old>"], shows: "usual <old> text\n"),
        Scenario(
            "a section",
            "{{$a}}usual {{#b}}{{c}}{{/b}} text{{/a}}\n",
            ["b": ["c": "old"]],
            shows: "usual old text\n"
        ),
        Scenario(
            "an inverted section",
            "{{$a}}usual {{^b}}{{c}}{{/b}} text{{/a}}\n",
            ["c": "3"],
            shows: "usual 3 text\n"
        ),
        Scenario(
            "a value with a tag in it",
            "{{$a}}usual {{#b}}{{c}}{{/b}} text{{/a}}\n",
            ["b": ["c": "{{d}}"]],
            shows: "usual {{d}} text\n"
        ),
        Scenario("in a parent", "{{<p}}{{/p}}", partials: ["p": "{{$a}}usual{{/a}}"], shows: "usual"),
        Scenario(
            "the data has the same name",
            "{{<p}}{{/p}}",
            ["a": "wrong"],
            partials: ["p": "{{$a}}usual{{/a}}"],
            shows: "usual"
        ),
        Scenario(
            "a parent given nothing is a partial",
            "{{>p}}|{{<p}}{{/p}}",
            partials: ["p": "{{$a}}usual{{/a}}"],
            shows: "usual|usual"
        ),
    ])
    func `a block that is not given shows what is in it`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario(
            "a text",
            "{{<p}}{{$a}}page title{{/a}}{{/p}}",
            partials: ["p": "..{{$a}}usual{{/a}}.."],
            shows: "..page title.."
        ),
        Scenario(
            "the data has the same name",
            "{{<p}}{{$a}}given{{/a}}{{/p}}",
            ["a": "wrong"],
            partials: ["p": "{{$a}}usual{{/a}}"],
            shows: "given"
        ),
        Scenario(
            "behind text",
            "see {{<p}}{{$a}}given{{/a}}{{/p}}",
            partials: ["p": "{{$a}}...{{/a}}"],
            shows: "see given"
        ),
        Scenario(
            "twice, differently",
            "see {{<p}}{{$a}}one{{/a}}{{/p}} {{<p}}{{$a}}two{{/a}}{{/p}}\n",
            partials: ["p": "|{{$a}}...{{/a}}{{$b}} usual{{/b}}|"],
            shows: "see |one usual| |two usual|\n"
        ),
        Scenario(
            "lines",
            "{{<p}}{{$a}}\nup\n\n:)\n{{/a}}{{/p}}",
            partials: ["p": "{{$a}}down{{/a}}"],
            shows: "up\n\n:)\n"
        ),
        Scenario(
            "one of two",
            "{{<p}}{{$b}}given{{/b}}{{/p}}",
            partials: ["p": "{{$a}}usual{{/a}}, {{$b}}usual{{/b}}"],
            shows: "usual, given"
        ),
        Scenario(
            "text around it is left out",
            "{{<p}} left {{$a}}given{{/a}} out {{/p}}",
            partials: ["p": "{{$a}}usual{{/a}}"],
            shows: "given"
        ),
        Scenario(
            "text alone is left out",
            "{{<p}} left out {{/p}}",
            partials: ["p": "{{$a}}usual{{/a}}"],
            shows: "usual"
        ),
        Scenario(
            "the data is that of the block's place",
            "{{<p}}{{$a}}I eat {{fruit}}.{{/a}}{{/p}}",
            ["fruit": "apples", "inner": ["fruit": "pears"]],
            partials: ["p": "{{#inner}}{{$a}}You eat {{fruit}}.{{/a}}{{/inner}}"],
            shows: "I eat pears."
        ),
    ])
    func `a block that is given takes the place of the parent's`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario(
            "the outermost wins",
            "{{<p}}{{$a}}page{{/a}}{{/p}}",
            partials: ["p": "{{<q}}{{$a}}p{{/a}}{{/q}}", "q": "{{<r}}{{$a}}q{{/a}}{{/r}}", "r": "{{$a}}r{{/a}}"],
            shows: "page"
        ),
        Scenario(
            "the outermost that gives it",
            "{{<p}}{{/p}}",
            partials: ["p": "{{<q}}{{$a}}p{{/a}}{{/q}}", "q": "{{<r}}{{$a}}q{{/a}}{{/r}}", "r": "{{$a}}r{{/a}}"],
            shows: "p"
        ),
        Scenario(
            "parents that inherit from each other",
            "{{<p}}{{$a}}given{{/a}}{{/p}}",
            partials: [
                "p": "{{$a}}usual{{/a}} {{$b}}{{<q}}{{/q}}{{/b}}",
                "q": "{{$a}}q's usual{{/a}} {{<p}}{{$b}}the end{{/b}}{{/p}}",
            ],
            shows: "given given given the end"
        ),
    ])
    func `what is given goes through several levels`(scenario: Scenario) throws { try scenario.check() }

    @Test(arguments: [
        Scenario(
            "that of the block's line",
            "{{<p}}{{$a}}given{{/a}}{{/p}}",
            partials: ["p": "see:\n  {{$a}}usual{{/a}}\n"],
            shows: "see:\n  given\n"
        ),
        Scenario(
            "that of the parent's line",
            "see\n  {{<p}}{{/p}}\n",
            partials: ["p": "one\ntwo\n"],
            shows: "see\n  one\n  two\n"
        ),
        Scenario(
            "for each line that is given",
            "{{<p}}{{$a}}\none\ntwo{{/a}}\n{{/p}}\n",
            partials: ["p": "see\n  {{$a}}{{/a}}\n"],
            shows: "see\n  one\n  two\n"
        ),
        Scenario(
            "in place of that where it was written",
            "{{<p}}{{$a}}\n    one\n    two\n{{/a}}{{/p}}\n",
            partials: ["p": "see\n  {{$a}}\n  {{/a}}\n"],
            shows: "see\n  one\n  two\n"
        ),
        Scenario(
            "that of what is usually there",
            "{{<p}}{{$a}}\none\ntwo\n{{/a}}{{/p}}\n",
            partials: ["p": "see\n{{$a}}\n  usual\n{{/a}}\n"],
            shows: "see\n  one\n  two\n"
        ),
        Scenario(
            "in what is given in turn",
            "{{<p}}{{$b}}\nthree\n{{/b}}{{/p}}\n",
            partials: [
                "p": "{{<q}}{{$a}}\n  one\n  {{$b}}\n    two\n  {{/b}}\n{{/a}}{{/q}}\n", "q": "{{$a}}usual{{/a}}",
            ],
            shows: "one\n  three\n"
        ),
    ])
    func `a block gets the indentation of its place`(scenario: Scenario) throws { try scenario.check() }
}
