import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// Passwords that are typed at a terminal.
@Suite struct PasswordPromptTests {
    private static let first = "New password for bob: "
    private static let second = "The same again: "
    private static let words = ["users", "create", "bob", "--email", "bob@example.org"]

    private static func start(
        _ installation: RunningInstallation,
        _ terminal: PseudoTerminal
    ) async throws -> TestProgram {
        let program = try TestProgram("gatehouse-api", words, installation.variables, terminal: terminal)
        try await installation.loop.wait(for: "the first question") { terminal.shown.hasSuffix(first) }
        #expect(!terminal.isEchoing)
        return program
    }

    private static func accounts(_ installation: RunningInstallation) async throws -> String {
        String(try await installation.done(["users", "list"]).split(separator: "\n").last ?? "")
    }

    @Test func `a password is asked for twice, and not shown`() async throws {
        try await RunningInstallation.with(.sqlite) { installation in
            let terminal = try PseudoTerminal()
            let before = terminal.settings
            try #require(terminal.isEchoing)
            let program = try await PasswordPromptTests.start(installation, terminal)
            // Corrections work: the kernel makes the line.
            try terminal.type("typed at a terminak\u{7F}l\n")
            try await installation.loop.wait(for: "the second question") {
                terminal.shown.hasSuffix(PasswordPromptTests.second)
            }
            try terminal.type("typed at a terminal\n")
            #expect(try await program.ending(on: installation.loop) == .exited(0))
            #expect(terminal.shown == "\(PasswordPromptTests.first)\r\n\(PasswordPromptTests.second)\r\n")
            #expect(terminal.settings == before)
            #expect(program.output.hasPrefix("created  ") && program.errors.isEmpty)
            _ = try await installation.login("bob", "typed at a terminal")
        }
    }

    @Test func `two passwords that differ change nothing`() async throws {
        try await RunningInstallation.with(.sqlite) { installation in
            let terminal = try PseudoTerminal()
            let before = terminal.settings
            let program = try await PasswordPromptTests.start(installation, terminal)
            try terminal.type("typed at a terminal\n")
            try terminal.type("typed at another terminal\n")
            #expect(try await program.ending(on: installation.loop) == .exited(1))
            #expect(program.errors.contains("the two passwords differ"))
            #expect(terminal.settings == before && !terminal.shown.contains("typed"))
            #expect(try await PasswordPromptTests.accounts(installation) == "1 to 1 of 1")
        }
    }

    @Test(arguments: [("half a pass\u{3}", "interrupted"), ("\u{4}", "no password was given")])
    func `keys that end the asking leave the terminal as it was`(_ keys: String, _ problem: String) async throws {
        try await RunningInstallation.with(.sqlite) { installation in
            let terminal = try PseudoTerminal()
            let before = terminal.settings
            let program = try await PasswordPromptTests.start(installation, terminal)
            // Ctrl-\ and Ctrl-Z would end or stop it in the middle.
            try terminal.type("\u{1C}\u{1A}\u{15}")
            try terminal.type(keys)
            #expect(try await program.ending(on: installation.loop) == .exited(1))
            #expect(program.errors.contains(problem) && program.errors.split(separator: "\n").count == 1)
            #expect(terminal.settings == before)
            #expect(terminal.shown == "\(PasswordPromptTests.first)\r\n")
            #expect(try await PasswordPromptTests.accounts(installation) == "1 to 1 of 1")
        }
    }

    @Test func `SIGTERM ends the asking and leaves the terminal as it was`() async throws {
        try await RunningInstallation.with(.sqlite) { installation in
            let terminal = try PseudoTerminal()
            let before = terminal.settings
            let program = try await PasswordPromptTests.start(installation, terminal)
            program.process.send(.terminate)
            #expect(try await program.ending(on: installation.loop) == .exited(1))
            #expect(terminal.settings == before)
            #expect(try await PasswordPromptTests.accounts(installation) == "1 to 1 of 1")
        }
    }
}
