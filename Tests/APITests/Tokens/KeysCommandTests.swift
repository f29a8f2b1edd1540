import Cryptography
import Linux
import Networking
import TestKit
import Testing

@testable import API

/// `gatehouse-api keys` as an operator runs it.
@Suite struct KeysCommandTests {
    struct Said: Sendable {
        let ending: ChildProcess.End
        let output: String
        let errors: String
    }

    private static func run(_ words: [String], _ environment: [String: String]) async throws -> Said {
        try await withLoop { loop in
            let program = try TestProgram("gatehouse-api", words, environment)
            let ending = try await program.ending(on: loop)
            return Said(ending: ending, output: program.output, errors: program.errors)
        }
    }

    /// What the lines say, word by word.
    private static func words(_ output: String) -> [[Substring]] {
        output.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
    }

    /// Runs the body with variables for a migrated database.
    private static func with(
        _ kind: TestDatabase,
        _ body: @escaping @Sendable ([String: String]) async throws -> Void
    ) async throws {
        let migrate = { @Sendable (url: String) async throws in
            let variables = ["DATABASE_URL": url, "JWT_SECRET": TokenSamples.secretText, "JWT_ALGORITHM": "EdDSA"]
            let said = try await KeysCommandTests.run(["migrate"], variables)
            #expect(said.ending == .exited(0), "\(said.errors)")
            try await body(variables)
        }
        switch kind {
        case .sqlite:
            let folder = try TestDirectory()
            try await migrate("sqlite:" + folder.path("test.db"))
        case .postgres: try await PostgresServer.shared().withDatabase { try await migrate($0) }
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `keys are added, rotated, listed and retired`(_ kind: TestDatabase) async throws {
        try await KeysCommandTests.with(kind) { variables in
            let keys = { @Sendable (words: [String]) in
                try await KeysCommandTests.run(["keys"] + words, variables)
            }
            let empty = try await keys(["list"])
            #expect(empty.ending == .exited(0) && empty.output.isEmpty)
            // With nothing that others could have, a rotation makes a key that signs.
            let first = try await keys(["rotate"])
            #expect(first.ending == .exited(0), "\(first.errors)")
            #expect(KeysCommandTests.words(first.output).map(\.first) == ["active", "next"])
            let active = String(try #require(KeysCommandTests.words(first.output).first)[1])
            let next = String(try #require(KeysCommandTests.words(first.output).last)[1])
            let again = try await keys(["rotate"])
            #expect(again.ending == .exited(1) && again.output.isEmpty && again.errors.contains("--now"))
            let more = try await keys(["add"])
            #expect(more.ending == .exited(1) && more.errors.contains(next))
            let stolen = try await keys(["rotate", "--now"])
            #expect(stolen.ending == .exited(0))
            #expect(
                KeysCommandTests.words(stolen.output).prefix(2).map { $0.map { String($0) } } == [
                    ["retired", active], ["active", next],
                ]
            )
            let signing = try await keys(["retire", next])
            #expect(signing.ending == .exited(1) && signing.errors.contains("signs"))
            let retired = try await keys(["retire", active])
            #expect(retired.ending == .exited(0) && retired.output.contains(active))
            let unknown = try await keys(["retire", active])
            #expect(unknown.ending == .exited(1) && unknown.errors.contains("no key"))
            let listed = KeysCommandTests.words(try await keys(["list"]).output)
            #expect(listed.map(\.first) == ["active", "next"] || listed.map(\.first) == ["next", "active"])
            #expect(listed.contains { $0[1] == next } && listed.allSatisfy { $0[2] == "EdDSA" })
        }
    }

    @Test(arguments: [
        (["keys"], "ACTION"), (["keys", "rotat"], "rotat"), (["keys", "retire"], "which key?"),
        (["keys", "list", "x"], "takes no key"), (["keys", "list", "--now"], "--now"),
    ])
    func `wrong usage is one clear line`(_ words: [String], _ problem: String) async throws {
        let said = try await KeysCommandTests.run(words, ["DATABASE_URL": "sqlite::memory:"])
        #expect(said.ending == .exited(2) && said.output.isEmpty && said.errors.contains(problem))
        #expect(said.errors.split(separator: "\n").count == 1)
    }

    @Test func `a secret and a key file are listed, and changed elsewhere`() async throws {
        let secret = ["JWT_SECRET": TokenSamples.secretText, "DATABASE_URL": "sqlite::memory:"]
        let key = try PrivateKey.generate(.p256)
        let file = secret.merging(["JWT_ALGORITHM": "ES256", "JWT_PRIVATE_KEY": key.pem]) { $1 }
        let names = [TokenSamples.secret.keyID, key.publicKey.webKey.thumbprint]
        for (variables, name) in zip([secret, file], names) {
            let listed = try await KeysCommandTests.run(["keys", "list"], variables)
            #expect(listed.ending == .exited(0) && KeysCommandTests.words(listed.output).map { $0[1] } == [name[...]])
            for action in ["add", "rotate"] {
                let said = try await KeysCommandTests.run(["keys", action], variables)
                #expect(
                    said.ending == .exited(2) && said.output.isEmpty && !said.errors.contains(TokenSamples.secretText)
                )
            }
        }
    }

    @Test(arguments: [["JWT_ALGORITHM": "ES256"], [:], ["JWT_ALGORITHM": "ES256", "DATABASE_URL": "sqlite::memory:"]])
    func `where there is no database none is made`(_ variables: [String: String]) async throws {
        let files = try await withLoop { loop in
            let program = try TestProgram("gatehouse-api", ["keys", "list"], variables)
            let ending = try await program.ending(on: loop)
            #expect(ending == .exited(1) && program.output.isEmpty && program.errors.contains("database"))
            return try Directory.entries(path: program.directory.path)
        }
        #expect(files.allSatisfy { !$0.contains("gatehouse") }, "\(files)")
    }
}
