import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// The first administrator of a new installation, whoever makes it.
@Suite struct FirstAdministratorTests {
    /// What `migrate` says that has made the whole schema.
    private static func applied() throws -> String {
        try TestDatabase.postgres.migrationNames().map { "applied  \($0)\n" }.joined()
    }
    private static let announcement = "The first administrator was made: admin, password "

    /// The password in what a program said, and that it is there once, in a line that is none of the log.
    private static func password(in errors: String) throws -> String {
        let lines = errors.split(separator: "\n").filter { $0.contains("The first administrator was made") }
        let line = try #require(lines.first)
        #expect(lines.count == 1 && line.hasPrefix(announcement))
        let password = String(line.dropFirst(announcement.count))
        #expect(errors.split(separator: "\n").count { $0.contains(password) } == 1)
        return password
    }

    private static func logsIn(_ password: String, _ address: SocketAddress, on loop: EventLoop) async throws -> Bool {
        let installation = RunningInstallation(variables: [:], loop: loop, address: address)
        return try await installation.tryLogin("admin", password).status == .ok
    }

    @Test(arguments: TestDatabase.allCases)
    func `five processes that migrate at once make one`(_ kind: TestDatabase) async throws {
        try await RunningInstallation.withStores(kind) { variables in
            try await withLoop { loop in
                let programs = try (0..<5).map { _ in try TestProgram("gatehouse-api", ["migrate"], variables) }
                var announcers: [String] = []
                for program in programs {
                    #expect(try await program.ending(on: loop) == .exited(0), "\(program.errors)")
                    #expect(!program.output.contains("password"))
                    if !program.errors.isEmpty { announcers.append(program.errors) }
                }
                #expect(announcers.count == 1)
                let password = try FirstAdministratorTests.password(in: try #require(announcers.first))
                let listed = try await TestProgram.run("gatehouse-api", ["users", "list"], variables)
                #expect(listed.output.hasSuffix("\n1 to 1 of 1\n"))
                // Who serves finds one, and that password is good.
                let program = try TestProgram.serving("gatehouse-api", variables)
                let address = try await program.address(on: loop)
                #expect(!program.errors.contains("administrator"))
                #expect(try await FirstAdministratorTests.logsIn(password, address, on: loop))
            }
        }
    }

    @Test func `the first start shows a password once, outside of the log, and the second start none`() async throws {
        let folder = try TestDirectory()
        let variables = ["DATABASE_URL": "sqlite:" + folder.path("test.db"), "LOG_LEVEL": "debug"]
        try await withLoop { loop in
            let program = try TestProgram.serving("gatehouse-api", variables)
            let address = try await program.address(on: loop)
            let password = try FirstAdministratorTests.password(in: program.errors)
            #expect(!program.output.contains(password))
            #expect(try await FirstAdministratorTests.logsIn(password, address, on: loop))
            #expect(try await !FirstAdministratorTests.logsIn(password + "x", address, on: loop))
            program.process.send(.terminate)
            #expect(try await program.ending(on: loop) == .exited(0))
            _ = try FirstAdministratorTests.password(in: program.errors)

            let second = try TestProgram.serving("gatehouse-api", variables)
            let again = try await second.address(on: loop)
            #expect(!second.errors.contains("administrator") && !second.errors.contains(password))
            #expect(try await FirstAdministratorTests.logsIn(password, again, on: loop))
        }
        withExtendedLifetime(folder) {}
    }

    @Test func `a password that is given is not shown`() async throws {
        try await RunningInstallation.withStores(.sqlite) { stores in
            let variables = stores.merging(["ADMIN_PASSWORD": "given by somebody else"]) { $1 }
            for _ in 0..<2 {
                let said = try await TestProgram.run("gatehouse-api", ["migrate", "--status"], variables)
                #expect(said.ending == .exited(0) && said.errors.isEmpty, "nothing is changed yet")
            }
            let made = try await TestProgram.run("gatehouse-api", ["migrate"], variables)
            #expect(try made.ending == .exited(0) && made.output == FirstAdministratorTests.applied())
            #expect(made.errors == "The first administrator was made: admin\n")
            let again = try await TestProgram.run("gatehouse-api", ["migrate"], variables)
            #expect(again.ending == .exited(0) && again.output == "up to date\n" && again.errors.isEmpty)
        }
    }

    @Test func `one that can not be made is a failure, and the schema is there all the same`() async throws {
        try await RunningInstallation.withStores(.sqlite) { stores in
            let variables = stores.merging(["ADMIN_PASSWORD": "admin", "ADMIN_EMAIL": "nowhere"]) { $1 }
            let said = try await TestProgram.run("gatehouse-api", ["migrate"], variables)
            #expect(try said.ending == .exited(1) && said.output == FirstAdministratorTests.applied())
            for name in ["ADMIN_PASSWORD", "ADMIN_EMAIL"] { #expect(said.errors.contains("gatehouse-api: \(name): ")) }
            let listed = try await TestProgram.run("gatehouse-api", ["users", "list"], variables)
            #expect(listed.output == "no users\n")
        }
    }

    @Test func `without any configuration the log says in one line where everything is kept`() async throws {
        try await withLoop { loop in
            let program = try TestProgram.serving("gatehouse-api")
            _ = try await program.address(on: loop)
            func lines() -> [Substring] { program.errors.split(separator: "\n").filter { $0.contains("ephemeral=") } }
            let line = try #require(lines().first)
            #expect(lines().count == 1 && line.contains("no database and no Redis are configured"))
            #expect(line.contains("sqlite:gatehouse.db") && line.contains("in this process"))
            let said = try TestProgram.serving("gatehouse-api", ["DATABASE_URL": "sqlite:other.db"])
            _ = try await said.address(on: loop)
            #expect(!said.errors.contains("are configured") && said.errors.contains("durable=sqlite:other.db"))
        }
    }
}
