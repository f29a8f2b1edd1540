import Linux
import Operations
import Postgres
import SQLite
import TestKit
import Testing

@testable import API

@Suite struct TokenSecretTests {
    private static func establish(
        _ configured: Secret?,
        _ database: StateSettings.DatabaseLocation,
        _ sink: CollectingLogSink = CollectingLogSink()
    ) async throws -> TokenSecret {
        try await TokenSecret.establish(configured, database: database, logger: Logger(sink: sink))
    }

    @Test func `what is configured is the secret, and no file is made`() async throws {
        let folder = try TestDirectory()
        let sink = CollectingLogSink()
        let database = StateSettings.DatabaseLocation.sqlite(.file(path: folder.path("a.db")))
        let secret = try await TokenSecretTests.establish(Secret(TokenSamples.secretText), database, sink)
        #expect(secret.keyID == TokenSamples.secret.keyID)
        #expect(try Directory.entries(path: folder.path).isEmpty)
        #expect(sink.lines.isEmpty)
    }

    @Test func `an embedded database has a secret beside it, made once and for its owner only`() async throws {
        let folder = try TestDirectory()
        let path = folder.path("a.db.secret")
        let database = StateSettings.DatabaseLocation.sqlite(.file(path: folder.path("a.db")))
        let sink = CollectingLogSink()
        let first = try await TokenSecretTests.establish(nil, database, sink)
        let text = String(decoding: try #require(try File.contents(path: path, limit: 100)), as: UTF8.self)
        #expect(text.utf8.count == 65 && text.last == "\n")
        #expect(try File.status(path: path).permissions == 0o600)
        let second = try await TokenSecretTests.establish(nil, database)
        #expect(first.keyID == second.keyID)
        // Moved into the configuration it is the same secret.
        let configured = try await TokenSecretTests.establish(Secret(String(text.dropLast())), .sqlite(.memory))
        #expect(configured.keyID == first.keyID)
        #expect(sink.lines.count == 1)
        #expect(sink.lines.allSatisfy { $0.contains(path) && !$0.contains(text.dropLast()) })
    }

    @Test func `a secret that others may read is worth a warning`() async throws {
        let folder = try TestDirectory()
        let database = StateSettings.DatabaseLocation.sqlite(.file(path: folder.path("a.db")))
        for (mode, isWarned) in [(UInt32(0o600), false), (0o400, false), (0o640, true), (0o604, true)] {
            _ = try await TokenSecretTests.establish(nil, database)
            try File.setPermissions(mode, path: folder.path("a.db.secret"))
            let sink = CollectingLogSink()
            _ = try await TokenSecretTests.establish(nil, database, sink)
            #expect(sink.contains("others may read") == isWarned, "\(mode)")
        }
    }

    @Test func `of many that start at once all have the same secret`() async throws {
        for _ in 0..<20 {
            let folder = try TestDirectory()
            let database = StateSettings.DatabaseLocation.sqlite(.file(path: folder.path("a.db")))
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 { group.addTask { try await TokenSecretTests.establish(nil, database).keyID } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(names.count == 1)
        }
    }

    @Test(arguments: ["", "0123", String(repeating: "Z", count: 64), String(repeating: "a", count: 2_000)])
    func `a file that is not whole stops the program and is left as it is`(_ content: String) async throws {
        let folder = try TestDirectory()
        let path = folder.path("a.db.secret")
        try TestFiles.write(content, to: path)
        let database = StateSettings.DatabaseLocation.sqlite(.file(path: folder.path("a.db")))
        await #expect(throws: TokenSecretError.malformed(path)) {
            _ = try await TokenSecret.establish(nil, database: database, logger: Logger(sink: CollectingLogSink()))
        }
        #expect(try File.contents(path: path, limit: 4_000) == Array(content.utf8))
    }

    @Test func `in memory every process has its own secret, and Postgres needs one`() async throws {
        let sink = CollectingLogSink()
        let first = try await TokenSecretTests.establish(nil, .sqlite(.memory), sink)
        let second = try await TokenSecretTests.establish(nil, .sqlite(.memory), sink)
        #expect(first.keyID != second.keyID)
        #expect(sink.lines.count == 2)
        let address = try PostgresAddress(url: "postgresql://gatehouse@localhost/gatehouse")
        await #expect(throws: TokenSecretError.missing) {
            _ = try await TokenSecret.establish(
                nil,
                database: .postgres(address),
                logger: Logger(sink: CollectingLogSink())
            )
        }
    }
}
