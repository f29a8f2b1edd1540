import Linux
import Networking
import TestKit
import Testing

/// `gatehouse-api migrate` as operators and their machines run it: several at once, and cut off.
@Suite struct MigrateTests {
    private static let migrations = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/init"

    /// A copy of the migrations with one more, which takes its time in the middle.
    private static func folder(second: String) throws -> TestDirectory {
        let folder = try TestDirectory()
        for name in try Directory.entries(path: migrations) where name.hasSuffix(".sql") {
            let bytes = try #require(try File.contents(path: "\(migrations)/\(name)", limit: 1 << 20))
            try TestFiles.write(String(decoding: bytes, as: UTF8.self), to: folder.path(name))
        }
        try TestFiles.write(second, to: folder.path("0900_second.sql"))
        return folder
    }

    private static func second(seconds: Double) -> String {
        """
        CREATE TABLE one (a integer);
        INSERT INTO one VALUES (1);
        SELECT pg_sleep(\(seconds));
        CREATE TABLE two (a integer);
        """
    }

    @Test func `of five processes that migrate at once each file is applied by one`() async throws {
        let server = try await PostgresServer.shared()
        try await server.withDatabase { url in
            let folder = try MigrateTests.folder(second: MigrateTests.second(seconds: 0.2))
            let variables = ["DATABASE_URL": url, "MIGRATIONS_PATH": folder.path]
            try await withLoop { loop in
                let programs = try (0..<5).map { _ in try TestProgram("gatehouse-api", ["migrate"], variables) }
                var applied = 0
                for program in programs {
                    #expect(try await program.ending(on: loop) == .exited(0), "\(program.errors)")
                    applied += program.output.split(separator: "\n").count { $0.hasPrefix("applied") }
                }
                #expect(try applied == TestDatabase.postgres.migrationNames().count + 1)
            }
            let database = PostgresServer.database(in: url)
            let count = try await server.execute("SELECT count(*) FROM one", database: database)
            #expect(count == "1")
        }
    }

    @Test func `a process that is killed in the middle leaves nothing half done`() async throws {
        let server = try await PostgresServer.shared()
        try await server.withDatabase { url in
            let folder = try MigrateTests.folder(second: MigrateTests.second(seconds: 2))
            let database = PostgresServer.database(in: url)
            let variables = ["DATABASE_URL": url, "MIGRATIONS_PATH": folder.path]
            try await withLoop { loop in
                let killed = try TestProgram("gatehouse-api", ["migrate"], variables)
                let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2.0)%' "
                let question = sleeping + "AND datname = current_database() AND pid <> pg_backend_pid()"
                try await loop.wait(for: "the middle") {
                    try await server.execute(question, database: database) == "1"
                }
                // Others wait for it, and go on without it.
                let others = try (0..<4).map { _ in try TestProgram("gatehouse-api", ["migrate"], variables) }
                killed.process.send(.kill)
                #expect(try await killed.ending(on: loop) == .killed(signal: 9))
                let here = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename IN ('one', 'two')"
                #expect(try await server.execute(here, database: database) == "0")
                var applied = 0
                for program in others {
                    #expect(try await program.ending(on: loop) == .exited(0), "\(program.errors)")
                    applied += program.output.split(separator: "\n").count { $0.hasPrefix("applied  0900") }
                }
                #expect(applied == 1)
                #expect(try await server.execute(here, database: database) == "2")
                #expect(try await server.execute("SELECT count(*) FROM one", database: database) == "1")
                let names = "SELECT string_agg(name, ',' ORDER BY version) FROM schema_migrations"
                let all = try TestDatabase.postgres.migrationNames() + ["0900_second"]
                #expect(try await server.execute(names, database: database) == all.joined(separator: ","))
            }
            withExtendedLifetime(folder) {}
        }
    }

    @Test func `a schema that is behind is refused by name, and migrate says what it would do`() async throws {
        let server = try await PostgresServer.shared()
        try await server.withDatabase { url in
            let variables = ["DATABASE_URL": url, "MIGRATIONS_PATH": MigrateTests.migrations]
            let serving = variables.merging(["JWT_SECRET": "any thirty-two bytes will do here"]) { $1 }
            let served = try await TestProgram.run("gatehouse-api", ["serve"], serving)
            #expect(served.ending == .exited(1))
            let missing = try TestDatabase.postgres.migrationNames().joined(separator: ", ")
            #expect(served.errors.contains("the database lacks \(missing): run 'gatehouse-api migrate'"))
            let dry = try await TestProgram.run("gatehouse-api", ["migrate", "--dry-run"], variables)
            #expect(dry.ending == .exited(0) && dry.output.contains("0001_foundation"))
            let status = try await TestProgram.run("gatehouse-api", ["migrate", "--status"], variables)
            #expect(status.ending == .exited(0) && status.output.contains("0001_foundation"))
            let again = try await TestProgram.run("gatehouse-api", ["serve"], serving)
            #expect(again.ending == .exited(1), "neither of them changed anything")
        }
    }

    @Test func `to ask what would be done makes no database`() async throws {
        let folder = try TestDirectory()
        let path = folder.path("new.db")
        let variables = ["DATABASE_URL": "sqlite:\(path)", "MIGRATIONS_PATH": MigrateTests.migrations]
        for option in ["--dry-run", "--status"] {
            let said = try await TestProgram.run("gatehouse-api", ["migrate", option], variables)
            #expect(said.ending == .exited(0) && said.errors.isEmpty)
            #expect(try said.output == TestDatabase.postgres.migrationNames().map { "pending  \($0)\n" }.joined())
            #expect(try Directory.entries(path: folder.path).isEmpty)
        }
    }
}
