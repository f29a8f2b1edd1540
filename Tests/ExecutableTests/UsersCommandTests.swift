import HTTPEngine
import JSON
import Linux
import Networking
import TestKit
import Testing

/// `gatehouse-api users` as an operator runs it, beside the API that serves.
@Suite struct UsersCommandTests {
    private static let password = "four words make one"

    /// Makes `bob`, who is nobody special.
    private static func addBob(_ installation: RunningInstallation) async throws {
        let words = ["users", "create", "bob", "--email", "bob@example.org"]
        let made = try await installation.done(words, input: password + "\n")
        #expect(made.hasPrefix("created  ") && made.hasSuffix("  bob\n"))
    }

    @Test(arguments: TestDatabase.allCases)
    func `an account is made with a password from standard input, and its owner signs in`(_ kind: TestDatabase)
        async throws
    {
        try await RunningInstallation.with(kind) { installation in
            try await UsersCommandTests.addBob(installation)
            // Without a line end, and with more behind it.
            let words = ["users", "create", "Carla", "--email", "carla@example.org", "--admin"]
            for (name, input) in [("Carla", "another four words"), ("dora", "another four words\nnot this\n")] {
                try await installation.done(
                    name == "Carla" ? words : ["users", "create", name, "--email", "d@example.org"],
                    input: input
                )
            }
            let bob = try await installation.user(try await installation.login("bob", UsersCommandTests.password))
            #expect(bob["email"]?.string == "bob@example.org" && bob["is_admin"]?.boolean == false)
            let carla = try await installation.user(try await installation.login("carla", "another four words"))
            #expect(carla["username"]?.string == "Carla" && carla["is_admin"]?.boolean == true)
            _ = try await installation.login("dora", "another four words")
            let made = ["user.create dora", "user.create Carla", "user.create bob", "user.create admin"]
            #expect(try await installation.operations() == made)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `an account that can not be made is refused with every reason`(_ kind: TestDatabase) async throws {
        try await RunningInstallation.with(kind) { installation in
            try await UsersCommandTests.addBob(installation)
            let before = try await installation.operations()
            let scenarios: [(words: [String], input: String, problems: [String])] = [
                (["BOB", "--email", "other@example.org"], UsersCommandTests.password, ["the username 'BOB'"]),
                (["rob", "--email", "Bob@Example.org"], UsersCommandTests.password, ["this e-mail address"]),
                (["b", "--email", "nowhere"], "short", ["username: ", "email: ", "password: "]),
                (["rob", "--email", "r@example.org"], "", ["no password was given"]),
                (["rob", "--email", "r@example.org"], "\n", ["no password was given"]),
                (["rob", "--email", "r@example.org"], "four words make one\r\n", ["password: "]),
                (["rob", "--email", "r@example.org"], String(repeating: "x", count: 5_000), ["too long"]),
            ]
            for scenario in scenarios {
                let said = try await installation.run(["users", "create"] + scenario.words, input: scenario.input)
                #expect(said.ending == .exited(1) && said.output.isEmpty)
                let lines = said.errors.split(separator: "\n")
                #expect(lines.count == scenario.problems.count)
                for problem in scenario.problems { #expect(said.errors.contains(problem), "\(said.errors)") }
                #expect(!said.errors.contains(UsersCommandTests.password))
            }
            let notText = try await installation.run(
                ["users", "create", "rob"] + ["--email", "r@x.org"],
                bytes: [0xFF, 0x0A]
            )
            #expect(notText.ending == .exited(1) && notText.errors.contains("UTF-8"))
            #expect(try await installation.operations() == before)
            #expect(try await installation.done(["users", "list"]).hasSuffix("\n1 to 2 of 2\n"))
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a new password ends every session of its owner at once, and nobody else's`(_ kind: TestDatabase)
        async throws
    {
        try await RunningInstallation.with(kind) { installation in
            try await UsersCommandTests.addBob(installation)
            let sessions = [
                try await installation.login("bob", UsersCommandTests.password),
                try await installation.login("bob", UsersCommandTests.password),
            ]
            let admin = try await installation.login("admin", RunningInstallation.password)
            for session in sessions { #expect(try await installation.accepts(session)) }
            let refused = try await installation.run(["users", "set-password", "bob"], input: "bob")
            #expect(refused.ending == .exited(1) && refused.errors.contains("password: "))
            #expect(try await installation.accepts(sessions[0]), "nothing was changed")
            try await installation.done(["users", "set-password", "BOB@example.org"], input: "quite another phrase\n")
            for session in sessions {
                #expect(try await !installation.accepts(session))
                #expect(try await !installation.refreshes(session))
            }
            #expect(try await installation.accepts(admin))
            #expect(try await installation.tryLogin("bob", UsersCommandTests.password).status == .unauthorized)
            #expect(try await installation.accepts(try await installation.login("bob", "quite another phrase")))
            #expect(try await installation.operations().first == "user.password bob")
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `who is deactivated is signed out at once, until activated`(_ kind: TestDatabase) async throws {
        try await RunningInstallation.with(kind) { installation in
            try await UsersCommandTests.addBob(installation)
            let session = try await installation.login("bob", UsersCommandTests.password)
            #expect(try await installation.accepts(session))
            try await installation.done(["users", "deactivate", "bob"])
            #expect(try await !installation.accepts(session))
            #expect(try await !installation.refreshes(session))
            #expect(try await installation.tryLogin("bob", UsersCommandTests.password).status == .forbidden)
            #expect(try await installation.done(["users", "list", "--search", "bob"]).contains("  inactive  "))
            try await installation.done(["users", "activate", "bob"])
            #expect(try await !installation.accepts(session), "what has ended stays so")
            _ = try await installation.login("bob", UsersCommandTests.password)
            let done = try await installation.operations().prefix(2)
            #expect(done == ["user.activate bob", "user.deactivate bob"])
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `sessions are revoked at once, and the account is left alone`(_ kind: TestDatabase) async throws {
        try await RunningInstallation.with(kind) { installation in
            try await UsersCommandTests.addBob(installation)
            let session = try await installation.login("bob", UsersCommandTests.password)
            let id = try #require(try await installation.user(session)["id"]?.string)
            try await installation.done(["users", "revoke-sessions", id])
            #expect(try await !installation.accepts(session))
            #expect(try await !installation.refreshes(session))
            _ = try await installation.login("bob", UsersCommandTests.password)
            #expect(try await installation.operations().first == "user.revoke-sessions bob")
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `roles change at once, and the last administrator stays`(_ kind: TestDatabase) async throws {
        try await RunningInstallation.with(kind) { installation in
            try await UsersCommandTests.addBob(installation)
            let admin = try await installation.login("admin", RunningInstallation.password)
            let before = try await installation.operations()
            for action in ["remove-admin", "deactivate"] {
                let said = try await installation.run(["users", action, "admin"])
                #expect(said.ending == .exited(1) && said.output.isEmpty)
                #expect(said.errors == "gatehouse-api: admin is the last active administrator, and must stay\n")
            }
            #expect(try await installation.operations() == before)
            #expect(try await installation.user(admin)["is_admin"]?.boolean == true)

            let session = try await installation.login("bob", UsersCommandTests.password)
            #expect(try await installation.call(.get, "/users", token: session.access).status == .forbidden)
            try await installation.done(["users", "make-admin", "bob"])
            #expect(try await !installation.accepts(session), "the token says what he was")
            let grown = try await installation.login("bob", UsersCommandTests.password)
            #expect(try await installation.call(.get, "/users", token: grown.access).status == .ok)
            try await installation.done(["users", "remove-admin", "bob"])
            #expect(try await installation.call(.get, "/users", token: grown.access).status == .unauthorized)
            let done = try await installation.operations().prefix(2)
            #expect(done == ["user.remove-admin bob", "user.make-admin bob"])
        }
    }

    @Test func `somebody who is not there is named, and nothing is done`() async throws {
        try await RunningInstallation.with(.sqlite) { installation in
            let before = try await installation.operations()
            let actions = ["set-password", "make-admin", "remove-admin", "activate", "deactivate", "revoke-sessions"]
            for action in actions {
                for name in ["nobody", "no@example.org", "01a1fe97-b1c5-7091-8f3d-e3c98dad216d", "' OR 1=1"] {
                    let said = try await installation.run(["users", action, name], input: UsersCommandTests.password)
                    #expect(said.ending == .exited(1) && said.output.isEmpty)
                    #expect(said.errors == "gatehouse-api: there is no user '\(name)'\n")
                }
            }
            #expect(try await installation.operations() == before)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `accounts are listed by pages, searched, and given as JSON`(_ kind: TestDatabase) async throws {
        try await RunningInstallation.with(kind) { installation in
            try await UsersCommandTests.addBob(installation)
            let all = try await installation.done(["users", "list"]).split(separator: "\n")
            let names = all.map { $0.split(separator: " ")[0] }
            #expect(names == ["USERNAME", "bob", "admin", "1"], "the newest first")
            let second = try await installation.done(["users", "list", "--page=2", "--page-size", "1"])
            #expect(second.contains("admin@example.com") && second.hasSuffix("\n2 to 2 of 2\n"))
            #expect(!second.contains("bob"))
            #expect(try await installation.done(["users", "list", "--search", "zoe"]) == "no users\n")
            let far = try await installation.done(["users", "list", "--page", "9"])
            #expect(far == "no users on page 9: there are 2\n")
            let found = try await installation.done(["users", "list", "--search", "EXAMPLE.org", "--json"])
            let page = try JSONObject(parsing: Array(found.dropLast().utf8))
            #expect(page["total"]?.integer == 1)
            let user = try #require(page["items"]?.array?.first?.object)
            #expect(user["username"]?.string == "bob" && !found.contains("argon2"))
        }
    }

    @Test(arguments: [
        ([], "ACTION"), (["lsit"], "lsit"), (["list", "bob"], "--search"), (["activate"], "which user?"),
        (["create"], "which user?"), (["create", "bob"], "--email"), (["activate", "bob", "more"], "more"),
        (["activate", "bob", "--admin"], "belongs to 'create'"), (["list", "--email", "x"], "belongs to 'create'"),
        (["create", "bob", "--json"], "belongs to 'list'"), (["list", "--page", "0"], "a number from 1"),
        (["list", "--page-size", "101"], "a number from 1 to 100"), (["set-password", "bob", "secret"], "secret"),
        (["create", "bob", "--password", "secret"], "--password"),
    ])
    func `wrong usage is one clear line`(_ words: [String], _ problem: String) async throws {
        let files = try await withLoop { loop in
            let program = try TestProgram("gatehouse-api", ["users"] + words)
            #expect(try await program.ending(on: loop) == .exited(2) && program.output.isEmpty)
            #expect(program.errors.contains(problem) && program.errors.split(separator: "\n").count == 1)
            return try Directory.entries(path: program.directory.path)
        }
        #expect(Set(files) == ["output", "errors"], "no database was made")
    }

    @Test(arguments: [["DATABASE_URL": "sqlite::memory:"], [:]])
    func `where there is no database none is made`(_ variables: [String: String]) async throws {
        let files = try await withLoop { loop in
            let program = try TestProgram("gatehouse-api", ["users", "list"], variables)
            #expect(try await program.ending(on: loop) == .exited(1) && program.output.isEmpty)
            #expect(program.errors.contains("database"))
            return try Directory.entries(path: program.directory.path)
        }
        #expect(Set(files) == ["output", "errors"])
    }

    @Test(arguments: TestDatabase.allCases)
    func `a schema that is behind is refused as serve refuses it`(_ kind: TestDatabase) async throws {
        try await RunningInstallation.withStores(kind) { variables in
            // An SQLite file has to be there, and may be empty.
            if case .sqlite = kind, let path = variables["DATABASE_URL"]?.dropFirst("sqlite:".count) {
                try TestFiles.write("", to: String(path))
            }
            for _ in 0..<2 {
                let said = try await TestProgram.run("gatehouse-api", ["users", "list"], variables)
                #expect(said.ending == .exited(1) && said.output.isEmpty)
                let missing = try TestDatabase.postgres.migrationNames().joined(separator: ", ")
                let line = "gatehouse-api: the database lacks \(missing): run 'gatehouse-api migrate'\n"
                #expect(said.errors == line)
            }
        }
    }
}
