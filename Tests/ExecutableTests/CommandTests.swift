import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// What the programs say to those who do not ask them to serve.
@Suite struct CommandTests {
    @Test(arguments: programs, [["--help"], ["-h"], ["help"], ["serve", "--help"]])
    func `help is printed, and is no failure`(_ name: String, _ words: [String]) async throws {
        let said = try await TestProgram.run(name, words)
        #expect(said.ending == .exited(0) && said.errors.isEmpty)
        #expect(said.output.contains("Usage: \(name) "))
        if words != ["serve", "--help"] {
            for command in ["serve", "config", "routes"] { #expect(said.output.contains("\n  \(command) ")) }
        }
    }

    @Test(arguments: programs)
    func `a version is printed`(_ name: String) async throws {
        let said = try await TestProgram.run(name, ["--version"])
        #expect(said.ending == .exited(0) && said.output.hasPrefix("\(name) ") && said.errors.isEmpty)
    }

    @Test(
        arguments: programs,
        [
            (["sreve"], "unknown command 'sreve'; did you mean 'serve'?"), (["dance"], "unknown command 'dance'"),
            (["serve", "--prot"], "unknown option '--prot'"), (["routes", "extra"], "'extra'"),
            (["config", "--markdwon"], "unknown option '--markdwon'; did you mean '--markdown'?"),
        ]
    )
    func `wrong usage is one clear line`(_ name: String, _ scenario: (words: [String], problem: String)) async throws {
        let said = try await TestProgram.run(name, scenario.words)
        #expect(said.ending == .exited(2) && said.output.isEmpty)
        #expect(said.errors.hasPrefix("\(name): ") && said.errors.contains(scenario.problem))
        #expect(said.errors.contains("--help' lists ") && said.errors.split(separator: "\n").count == 1)
    }

    @Test func `routes are listed, one a line`() async throws {
        let api = try await TestProgram.run("gatehouse-api", ["routes"])
        #expect(api.ending == .exited(0))
        #expect(
            api.output.split(separator: "\n").contains { $0.split(separator: " ") == ["GET", "/health", "anyone"] }
        )
        let web = try await TestProgram.run("gatehouse-web", ["routes"])
        #expect(web.ending == .exited(0))
        #expect(
            web.output.split(separator: "\n").contains { $0.split(separator: " ") == ["GET", "/", "signed", "in"] }
        )
    }

    @Test func `the configuration in force is printed with where it is from`() async throws {
        let said = try await TestProgram.run(
            "gatehouse-api",
            ["config"],
            ["LOG_LEVEL": "debug", "HTTP_MAX_BODY": ""],
            dotEnv: "API_LISTEN=127.0.0.1:5555\nLOG_LEVEL=error\nAPI_URL=http://x\nODDITY=1\n"
        )
        #expect(said.ending == .exited(0))
        let lines = said.output.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        #expect(lines.contains(["LOG_LEVEL=debug", "#", "environment"]))
        #expect(lines.contains { $0.first == "API_LISTEN=127.0.0.1:5555" && $0.last == ".env" })
        #expect(lines.contains { $0.first == "HTTP_MAX_BODY=1m" && $0.last == "default" })
        #expect(lines.contains { $0.first == "METRICS_LISTEN=(unset)" })
        // API_URL is the other program's; nobody knows ODDITY.
        #expect(said.errors == "warning: ODDITY: unknown name in .env\n")
    }

    @Test func `what can be configured is printed for the manual`() async throws {
        let said = try await TestProgram.run("gatehouse-web", ["config", "--markdown"], ["API_URL": "nonsense"])
        #expect(said.ending == .exited(0) && said.errors.isEmpty)
        #expect(said.output.contains("| `API_URL` | ") && said.output.contains("| Variable | Meaning | Default |\n"))
    }

    @Test(arguments: programs, ["serve", "config"])
    func `every mistake in the configuration is told at once`(_ name: String, _ command: String) async throws {
        let wrong = ["LOG_LEVEL": "loud", "EVENT_LOOPS": "0", "SHUTDOWN_TIMEOUT": "soon", "TRUSTED_PROXIES": "me"]
        let said = try await TestProgram.run(name, [command], wrong)
        #expect(said.ending == .exited(1))
        let lines = said.errors.split(separator: "\n")
        #expect(lines.count == wrong.count && lines.allSatisfy { $0.hasPrefix("\(name): ") })
        for variable in wrong.keys { #expect(lines.count { $0.hasPrefix("\(name): \(variable): ") } == 1) }
        // What is in force is shown all the same by the command that is there for it.
        #expect(said.output.isEmpty == (command == "serve"))
    }
}
