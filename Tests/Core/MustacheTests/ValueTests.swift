import Testing

@testable import Mustache

@Suite struct ValueTests {
    @Test(
        arguments: [
            (nil, false), (false, false), (true, true), (0, false), (-1, true), (0.0, false), (0.5, true),
            (.decimal(.nan), false), ("", false), ("0", true), (.markup(Markup(trusting: "")), false),
            (.markup(Markup(trusting: "a")), true), ([], false), ([nil], true), ([:], true),
        ] as [(MustacheValue, Bool)]
    )
    func `null, false, zero and what is empty open no section`(value: MustacheValue, isTruthy: Bool) throws {
        #expect(try render("{{#a}}yes{{/a}}{{^a}}no{{/a}}", ["a": value]) == (isTruthy ? "yes" : "no"))
    }

    @Test(
        arguments: [
            (true, "true"), (false, "false"), (.integer(.min), "-9223372036854775808"), (1e21, "1e+21"), (0.1, "0.1"),
            (-0.5, "-0.5"), (nil, ""), (["a"], ""), (["a": "b"], ""),
        ] as [(MustacheValue, String)]
    )
    func `each kind of value has its text`(value: MustacheValue, text: String) throws {
        #expect(try render("({{a}}{{{a}}})", ["a": value]) == "(\(text)\(text))")
    }

    @Test func `markup is shown as it is, text never`() throws {
        let data: MustacheValue = ["markup": .markup(Markup(trusting: "<b>&</b>")), "text": "<b>&</b>"]
        #expect(try render("{{markup}} {{text}}", data) == "<b>&</b> &lt;b&gt;&amp;&lt;/b&gt;")
        let markup = Markup(trusting: "<b>") + Markup(escaping: "a < b") + Markup(trusting: "</b>")
        #expect(markup.text == "<b>a &lt; b</b>")
    }

    @Test(arguments: [0, 1, 24, 25, 1_000])
    func `an object finds its members, few or many`(count: Int) throws {
        let members = (0..<count).map { ("name\($0)", MustacheValue.integer($0)) }
        var object = MustacheObject(members)
        for (name, value) in members { #expect(object[name] == value) }
        #expect(object["name"] == nil)
        object.set("name", to: "new")
        object.set("name0", to: "changed")
        #expect(object["name"] == "new" && object["name0"] == "changed")
        for (name, value) in members.dropFirst() { #expect(object[name] == value) }
        #expect(object != MustacheObject(members))
        #expect(MustacheObject(members) == MustacheObject(members.reversed()))
    }

    @Test(arguments: [2, 30])
    func `of members with one name the last counts`(count: Int) {
        let object = MustacheObject((0..<count).map { ("a", .integer($0)) })
        #expect(object["a"] == .integer(count - 1))
    }

    @Test func `names that are not ASCII, empty or long are found`() throws {
        let long = String(repeating: "long", count: 50)
        let data = MustacheValue.object(MustacheObject([("größe", 1), ("名前", 2), (long, 3)]))
        #expect(try render("{{größe}}{{名前}}{{\(long)}}", data) == "123")
    }

    // MARK: - Strict

    private let strict = TemplateOptions(refusesMissingNames: true)

    @Test(arguments: ["{{usernam}}", "{{{usernam}}}", "{{#usernam}}{{/usernam}}", "{{^usernam}}{{/usernam}}"])
    func `strictly, a name that is nowhere is an error with its place`(tag: String) {
        let error = #expect(throws: MustacheError.self) {
            try render("<p>\n  \(tag)</p>", ["username": "ada"], options: strict)
        }
        #expect(error?.description == "main:2:3: nothing in the data is named usernam")
        #expect(error?.mistakes.map(\.code) == [.missingName])
    }

    @Test func `strictly, a value that is there and empty is no error`() throws {
        let data: MustacheValue = ["a": nil, "b": "", "c": [], "d": ["e": nil]]
        #expect(
            try render("{{a}}{{b}}{{#c}}{{nothing}}{{/c}}{{^a}}{{d.e}}{{a.b.c}}{{/a}}.", data, options: strict) == "."
        )
    }

    @Test(arguments: ["a.b", "text.b", "list.b"])
    func `strictly, a dotted name must lead somewhere`(name: String) {
        let error = #expect(throws: MustacheError.self) {
            try render("{{\(name)}}", ["a": [:], "text": "b", "list": ["b"]], options: strict)
        }
        #expect(error?.description == "main:1:1: nothing in the data is named \(name)")
    }

    @Test(arguments: [["b"], ["b": "c"]] as [MustacheValue])
    func `strictly, a list or an object is not text`(value: MustacheValue) {
        let error = #expect(throws: MustacheError.self) { try render("{{a}}", ["a": value], options: strict) }
        #expect(error?.mistakes.map(\.code) == [.notText])
    }

    @Test func `an error of a partial names the partial's file`() {
        let error = #expect(throws: MustacheError.self) {
            try render("\n\n{{>part}}", partials: ["part": "über {{name}}"], options: strict)
        }
        #expect(error?.description == "part:1:6: nothing in the data is named name")
    }
}
