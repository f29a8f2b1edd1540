import Database
import Glibc
import Linux
import Networking
import TestKit
import Testing

@testable import SQLite

@Suite struct FaultTests {
    private static let schema = "CREATE TABLE t (a INTEGER, b BLOB)"

    @Test func `a lock that another process holds is waited for, but not for ever`() async throws {
        var settings = SQLiteSettings.patient
        settings.busyLimit = .milliseconds(100)
        try await withStore(settings: settings, schema: FaultTests.schema) { fixture in
            let child = try HelperRole.holdLock.start(on: fixture.folder)
            #expect(try child.readLine() == "locked")
            let refused = await failure { try await fixture.run("INSERT INTO t (a) VALUES (2)") }
            #expect(refused?.code == .timeout && refused?.isUnavailability == true)
            #expect(await failure { try await fixture.database.transaction { _ in } }?.code == .timeout)
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
            child.endInput()
            #expect(try child.readLine() == "released")
            // Its end takes the lock once more.
            #expect(child.waitForEnd() == 0)
            try await fixture.run("INSERT INTO t (a) VALUES (2)")
            try await fixture.expect(2, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a lock that is released in time is taken`() async throws {
        try await withStore(schema: FaultTests.schema) { fixture in
            let child = try HelperRole.holdLock.start(on: fixture.folder)
            #expect(try child.readLine() == "locked")
            let write = fixture.loop.spawn { await failure { try await fixture.run("INSERT INTO t (a) VALUES (2)") } }
            await fixture.loop.sleep(for: .milliseconds(20))
            child.endInput()
            #expect(await write.value == nil)
            try await fixture.expect(2, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `five processes open a new database at once`() async throws {
        let folder = try DatabaseFolder()
        let children = try (0..<5).map { _ in try HelperRole.openOnce.start(on: folder) }
        for child in children { #expect(try child.readLine() == "done") }
        let store = try SQLiteStore(folder.location)
        try await withStoreOnLoop(store) { database in
            let visits = try await database.query("SELECT DISTINCT process FROM visits")
            #expect(visits.count == 5)
        }
    }

    @Test(arguments: [50, 400, 1_500])
    func `a process killed while it writes loses nothing that was acknowledged`(rows: Int) async throws {
        let folder = try DatabaseFolder()
        let child = try HelperRole.write.start(on: folder)
        var acknowledged: [String: Set<Int>] = [:]
        func note(_ line: String) {
            let words = line.split(separator: " ")
            if let id = Int(words[1]) { acknowledged[String(words[0]), default: []].insert(id) }
        }
        for _ in 0..<rows { note(try #require(try child.readLine())) }
        child.kill()
        // What it had said before it died.
        while let line = try child.readLine() { note(line) }
        let promised = acknowledged
        #expect(promised["pair"]?.isEmpty == false && promised["single"]?.isEmpty == false)
        let store = try SQLiteStore(folder.location)
        try await withStoreOnLoop(store) { database in
            let singles = try await FaultTests.integers(of: "SELECT id FROM single", in: database)
            let pairs = try await FaultTests.integers(of: "SELECT id FROM pair", in: database)
            #expect(singles.isSuperset(of: promised["single"] ?? []))
            #expect(pairs.isSuperset(of: promised["pair"] ?? []))
            // Whole transactions or nothing.
            #expect(pairs == (try await FaultTests.integers(of: "SELECT id FROM twin", in: database)))
            try await FaultTests.checkIntegrity(database)
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a small file system"))
    func `a full disk refuses writes, keeps what was acknowledged, and needs nothing but room`() async throws {
        let folder = try DatabaseFolder()
        let disk = try SmallDisk(at: folder.path)
        defer { disk.remove() }
        let ballast = try File(creating: folder.path + "/ballast")
        try ballast.descriptor.writeAll([UInt8](repeating: 1, count: 1 << 20).span)
        let store = try SQLiteStore(folder.location)
        try await withStoreOnLoop(store) { database in
            _ = try await database.query(SQL(literal: FaultTests.schema))
            let filled = await FaultTests.fill(database, from: 0)
            #expect(filled.error?.code == .diskFull && filled.error?.isUnavailability == true)
            #expect(filled.acknowledged.count > 50)

            // Reading goes on; writing fails the same way again, alone, together and in a transaction.
            #expect(try await FaultTests.integers(of: "SELECT a FROM t", in: database) == filled.acknowledged)
            let loop = database.loop
            let together = (0..<20).map { number in
                loop.spawn {
                    await failure {
                        _ = try await store.database(on: loop).query(FaultTests.insertion(10_000 + number))
                    }
                }
            }
            var alsoAcknowledged: Set<Int> = []
            for (number, task) in together.enumerated() {
                let error = await task.value
                if error == nil { alsoAcknowledged.insert(10_000 + number) } else { #expect(error?.code == .diskFull) }
            }
            #expect(alsoAcknowledged.count < 20)
            let transaction = await failure {
                try await database.transaction { executor in
                    for number in 0..<200 { _ = try await executor.query(FaultTests.insertion(20_000 + number)) }
                }
            }
            #expect(transaction?.code == .diskFull)
            var kept = filled.acknowledged.union(alsoAcknowledged)
            #expect(try await FaultTests.integers(of: "SELECT a FROM t", in: database) == kept)

            // Room comes back.
            unlink(folder.path + "/ballast")
            _ = ftruncate(ballast.descriptor.number, 0)
            _ = try await database.query(FaultTests.insertion(30_000))
            kept.insert(30_000)
            #expect(try await FaultTests.integers(of: "SELECT a FROM t", in: database) == kept)
            try await FaultTests.checkIntegrity(database)

            // And goes again, up to a closed database on a full disk.
            let refilled = await FaultTests.fill(database, from: 40_000)
            #expect(refilled.error?.code == .diskFull)
            await store.close()
            let again = try SQLiteStore(folder.location)
            let reopened = again.database(on: loop)
            let all = try await FaultTests.integers(of: "SELECT a FROM t", in: reopened)
            #expect(all == kept.union(refilled.acknowledged))
            try await FaultTests.checkIntegrity(reopened)
            await again.close()
        }
        #expect(folder.openDescriptorCount() == 1)
    }

    @Test func `a file that may only be read is said to be that`() async throws {
        try await withStore(schema: FaultTests.schema) { fixture in
            let connection = try SQLiteConnection(fixture.folder.location, role: .reader, settings: SQLiteSettings())
            #expect { try connection.execute("INSERT INTO t (a) VALUES (1)", within: .none) } throws: {
                ($0 as? DatabaseError)?.code == .readOnly
            }
        }
    }

    @Test func `a damaged file is reported, and does not end the program`() async throws {
        let folder = try DatabaseFolder()
        let store = try SQLiteStore(folder.location)
        try await withStoreOnLoop(store) { database in
            _ = try await database.query(SQL(literal: FaultTests.schema))
            for number in 0..<100 { _ = try await database.query(FaultTests.insertion(number)) }
        }
        let size = try File.status(path: folder.file).size
        let descriptor = FileDescriptor(number: open(folder.file, O_WRONLY))
        for page in 1..<size / 4_096 {
            _ = pwrite(descriptor.number, [UInt8](repeating: 0xA5, count: 4_096), 4_096, page * 4_096)
        }
        descriptor.close()
        let damaged = try SQLiteStore(folder.location)
        try await withStoreOnLoop(damaged) { database in
            let error = await failure { _ = try await database.query("SELECT a, b FROM t") }
            #expect(error?.code == .other && error?.message.contains("damaged") == true)
        }
    }
}

// MARK: - Helpers

extension FaultTests {
    private func withStoreOnLoop(
        _ store: SQLiteStore,
        _ body: @escaping @Sendable (SQLiteDatabase) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        do {
            try await loop.run { try await body(store.database(on: loop)) }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private static func integers(of statement: SQL, in database: SQLiteDatabase) async throws -> Set<Int> {
        var result: Set<Int> = []
        for row in try await database.query(statement) {
            var reader = row.reader
            result.insert(try reader.next())
        }
        return result
    }

    private static func checkIntegrity(_ database: SQLiteDatabase) async throws {
        var row = try await database.query("PRAGMA integrity_check")[0].reader
        #expect(try row.next(as: String.self) == "ok")
    }

    private static func insertion(_ number: Int) -> SQL {
        "INSERT INTO t VALUES (\(number), \([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 20_000)))"
    }

    /// Writes rows until one fails.
    private static func fill(
        _ database: SQLiteDatabase,
        from start: Int
    ) async -> (acknowledged: Set<Int>, error: DatabaseError?) {
        var acknowledged: Set<Int> = []
        for number in start..<start + 5_000 {
            if let error = await failure({ _ = try await database.query(insertion(number)) }) {
                return (acknowledged, error)
            }
            acknowledged.insert(number)
        }
        return (acknowledged, nil)
    }
}
