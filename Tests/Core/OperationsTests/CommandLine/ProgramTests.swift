import Linux
import Operations
import Testing

@Suite struct ProgramTests {
    private struct Silent: Error {
        let password = "hunter2"
    }

    private struct Spoken: Error, CustomStringConvertible {
        let description = "the port is taken\ntry another"
    }

    /// Its commands print what they were told, so that a test sees which one ran and with what.
    private static func program(defaultCommand: String? = "serve") -> Program {
        Program(
            "gatehouse-api",
            version: "1.2.3",
            help: "answers",
            commands: [
                ProgramCommand(
                    "serve",
                    help: "answer requests",
                    options: [.flag("check", help: "only check"), .value("port", "PORT", help: "where")],
                    arguments: [.rest("NAMES", help: "names")]
                ) { said in
                    said.console.print(
                        "serve \(said.isOn("check")) \(said.option("port") ?? "-") \(said.remainingArguments("NAMES"))"
                    )
                    return .good
                },
                ProgramCommand(
                    "render",
                    help: "fill a template",
                    options: [.value("format", "FORMAT", help: "how", choices: ["text", "json"])],
                    arguments: [
                        .required("TEMPLATE", help: "what"),
                        .optional("DATA", help: "with", choices: ["one", "two"]),
                    ]
                ) { said in
                    said.console.print(
                        "render \(said.option("format") ?? "-") \(said.argument("TEMPLATE")) "
                            + "\(said.optionalArgument("DATA") ?? "-")"
                    )
                    return .good
                },
                ProgramCommand("fail", help: "fail", arguments: [.required("HOW", help: "how")]) { said in
                    switch said.argument("HOW") {
                    case "silently": throw Silent()
                    case "usage": throw UsageError("HOW makes no sense")
                    case "aloud": throw Spoken()
                    default: return .failed
                    }
                },
            ],
            defaultCommand: defaultCommand
        )
    }

    private func run(
        _ words: [String],
        _ program: Program = ProgramTests.program()
    ) async -> (status: ProgramStatus, output: String, errors: String) {
        let recorder = ConsoleRecorder()
        let status = await program.run(words, console: recorder.console)
        return (status, recorder.output, recorder.errors)
    }

    @Test(arguments: [
        ([], "serve false - []"), (["serve"], "serve false - []"), (["--check"], "serve true - []"),
        (["serve", "--port", "80", "--check"], "serve true 80 []"), (["serve", "--port=80"], "serve false 80 []"),
        (["serve", "--port="], "serve false  []"), (["serve", "--port=a=b"], "serve false a=b []"),
        (["serve", "--port=-1"], "serve false -1 []"), (["serve", "--port", "-"], "serve false - []"),
        (["serve", "a", "--check", "b"], #"serve true - ["a", "b"]"#), (["serve", "-"], #"serve false - ["-"]"#),
        (["serve", "--", "--check", "--", "--help"], #"serve false - ["--check", "--", "--help"]"#),
        (["--", "render"], #"serve false - ["render"]"#), (["--check", "--", "-h"], #"serve true - ["-h"]"#),
        (["serve", "--check", "--check"], "serve true - []"),
        (["render", "page"], "render - page -"), (["render", "page", "two"], "render - page two"),
        (["render", "--format", "json", "page", "one"], "render json page one"),
        (["render", "serve"], "render - serve -"),
    ])
    func `a command gets what was said to it`(words: [String], expected: String) async {
        let result = await run(words)
        #expect(result == (.good, expected + "\n", ""))
    }

    @Test(arguments: [
        (["serv"], "unknown command 'serv'; did you mean 'serve'? 'gatehouse-api --help' lists them"),
        (["hlep"], "unknown command 'hlep'; did you mean 'help'? 'gatehouse-api --help' lists them"),
        (["dance"], "unknown command 'dance'; 'gatehouse-api --help' lists them"),
        ([""], "unknown command ''; 'gatehouse-api --help' lists them"),
        (["a\nb"], "unknown command 'a\\u{a}b'; 'gatehouse-api --help' lists them"),
        (["serv", "--help"], "unknown command 'serv'; did you mean 'serve'? 'gatehouse-api --help' lists them"),
        (["help", "serv"], "unknown command 'serv'; did you mean 'serve'? 'gatehouse-api --help' lists them"),
        (
            ["serve", "--prot", "80"],
            "unknown option '--prot'; did you mean '--port'? 'gatehouse-api serve --help' lists what it takes"
        ),
        (["--nothing"], "unknown option '--nothing'; 'gatehouse-api serve --help' lists what it takes"),
        (
            ["serve", "--password=hunter2"],
            "unknown option '--password'; 'gatehouse-api serve --help' lists what it takes"
        ),
        (["serve", "-c"], "unknown option '-c'; 'gatehouse-api serve --help' lists what it takes"),
        (
            ["serve", "--port"],
            "option '--port' needs a value: --port PORT; 'gatehouse-api serve --help' lists what it takes"
        ),
        (
            ["serve", "--port", "--check"],
            "option '--port' needs a value: --port PORT; 'gatehouse-api serve --help' lists what it takes"
        ),
        (
            ["serve", "--port=1", "--port", "2"],
            "option '--port' is given twice; 'gatehouse-api serve --help' lists what it takes"
        ),
        (
            ["serve", "--check=yes"],
            "option '--check' takes no value; 'gatehouse-api serve --help' lists what it takes"
        ),
        (["render"], "'render' needs TEMPLATE; 'gatehouse-api render --help' lists what it takes"),
        (["render", "--"], "'render' needs TEMPLATE; 'gatehouse-api render --help' lists what it takes"),
        (["render", "a", "one", "b"], "'render' does not take 'b'; 'gatehouse-api render --help' lists what it takes"),
        (
            ["render", "a", "tow"],
            "DATA can not be 'tow' but one of one, two; did you mean 'two'? "
                + "'gatehouse-api render --help' lists what it takes"
        ),
        (
            ["render", "a", "--format", "xml"],
            "option '--format' can not be 'xml' but one of text, json; "
                + "'gatehouse-api render --help' lists what it takes"
        ),
        (["fail", "usage"], "HOW makes no sense; 'gatehouse-api fail --help' lists what it takes"),
    ])
    func `wrong usage is one line on standard error and runs nothing`(words: [String], expected: String) async {
        let result = await run(words)
        #expect(result == (.wrongUsage, "", "gatehouse-api: \(expected)\n"))
    }

    @Test func `without a default a command must be given`() async {
        for words in [[], ["--check"]] {
            let result = await run(words, ProgramTests.program(defaultCommand: nil))
            #expect(result == (.wrongUsage, "", "gatehouse-api: which command? 'gatehouse-api --help' lists them\n"))
        }
    }

    @Test func `what a command throws is said, and nothing that was not meant to be`() async {
        let silent = await run(["fail", "silently"])
        #expect(silent == (.failed, "", "gatehouse-api: failed (Silent)\n"))
        let spoken = await run(["fail", "aloud"])
        #expect(spoken == (.failed, "", "gatehouse-api: the port is taken\ngatehouse-api: try another\n"))
        let quiet = await run(["fail", "quietly"])
        #expect(quiet == (.failed, "", ""))
    }

    @Test(arguments: [["--version"], ["serve", "--version"], ["--check", "--version"]])
    func `the version is printed and nothing runs`(words: [String]) async {
        let result = await run(words)
        #expect(result == (.good, "gatehouse-api 1.2.3\n", ""))
    }

    @Test(arguments: [
        ["--help"], ["-h"], ["help"], ["help", "help"], ["help", "--help"], ["--check", "-h"], ["--help", "--version"],
    ])
    func `usage of the program lists its commands, and nothing runs`(words: [String]) async {
        let expected = """
            gatehouse-api 1.2.3: answers

            Usage: gatehouse-api [COMMAND] [OPTIONS] [ARGUMENTS]

            Commands:
              serve   answer requests (the default)
              render  fill a template
              fail    fail
              help    print this, or what a command takes

            Options:
              -h, --help  print this
              --version   print the version

            'gatehouse-api COMMAND --help' tells more about one.

            """
        let result = await run(words)
        #expect(result == (.good, expected, ""))
    }

    @Test(arguments: [
        ["render", "--help"], ["render", "-h"], ["help", "render"], ["--help", "render"], ["-h", "help", "render"],
        ["render", "a", "--format", "xml", "--nothing", "-h"],
    ])
    func `usage of a command lists what it takes, and nothing runs`(words: [String]) async {
        let expected = """
            fill a template

            Usage: gatehouse-api render [OPTIONS] TEMPLATE [DATA]

            Arguments:
              TEMPLATE  what
              DATA      with (one, two)

            Options:
              --format FORMAT  how (text, json)
              -h, --help       print this

            """
        let result = await run(words)
        #expect(result == (.good, expected, ""))
    }

    @Test func `the numbers of the exit statuses are those that scripts know`() {
        #expect([ProgramStatus.good, .failed, .wrongUsage].map(\.rawValue) == [0, 1, 2])
    }

    @Test func `to ask for what a command does not declare is a mistake of the program`() async {
        await #expect(processExitsWith: .failure) {
            let command = ProgramCommand("run", help: "") { said in said.isOn("nothing") ? .good : .failed }
            let program = Program("tool", version: "1", help: "", commands: [command], defaultCommand: "run")
            _ = await program.run([], console: .process)
        }
    }

    @Test func `a run of this process answers the number to exit with`() async {
        await #expect(processExitsWith: .exitCode(2)) {
            // The words of this process are the test runner's: a program without commands refuses them, whatever they are.
            ProcessInfo.exit(await Program("tool", version: "1", help: "", commands: []).run())
        }
    }
}
