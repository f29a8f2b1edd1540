import Database
import Glibc
import Linux
import Networking
import TestKit
import Testing

@testable import SQLite

@Suite struct LifecycleTests {
    @Test func `the files are for their owner only`() async throws {
        try await withStore(schema: "CREATE TABLE t (a)") { fixture in
            for ending in ["", "-wal", "-shm"] {
                let status = try File.status(path: fixture.folder.file + ending)
                #expect(status.permissions == 0o600, "\(ending)")
            }
        }
    }

    @Test func `what is wrong with a file is said`() async throws {
        let folder = try DatabaseFolder()
        let absent = opening(.file(path: folder.path + "/absent/test.sqlite"))
        #expect(absent?.code == .unavailable && absent?.message.contains("folder") == true)
        let directory = opening(.file(path: folder.path))
        #expect(directory?.code == .unavailable)
        try TestFiles.write("This is not a database, but long enough to be mistaken for one.", to: folder.file)
        let damaged = opening(folder.location)
        #expect(damaged?.code == .other && damaged?.message.contains("damaged") == true)
        #expect(folder.openDescriptorCount() == 0)
    }

    private func opening(_ location: SQLiteLocation) -> DatabaseError? {
        do throws(DatabaseError) {
            _ = try SQLiteStore(location)
            return nil
        } catch {
            return error
        }
    }

    @Test func `closing moves everything into the file and leaves no descriptor, and may be done again`() async throws {
        let folder = try DatabaseFolder()
        for round in 0..<20 {
            let store = try SQLiteStore(folder.location)
            try await withLoop { loop in
                let database = store.database(on: loop)
                _ = try await database.query("CREATE TABLE IF NOT EXISTS t (a INTEGER)")
                _ = try await database.query("INSERT INTO t VALUES (\(round))")
                #expect(try await database.query("SELECT a FROM t").count == round + 1)
                #expect(folder.openDescriptorCount() > 0)
                await store.close()
                await store.close()
                let error = await failure { _ = try await database.query("SELECT 1") }
                #expect(error?.code == .unavailable)
            }
            #expect(folder.openDescriptorCount() == 0)
            #expect(access(folder.file + "-wal", F_OK) != 0)
        }
    }

    @Test func `closing fails what waits and rolls back what is open`() async throws {
        let folder = try DatabaseFolder()
        let store = try SQLiteStore(folder.location)
        try await withLoop { loop in
            _ = try await store.database(on: loop).query("CREATE TABLE t (a INTEGER)")
            let (inside, gate) = (Gate(), Gate())
            let holder = loop.spawn {
                await failure {
                    try await store.database(on: loop).transaction { executor in
                        _ = try await executor.query("INSERT INTO t VALUES (1)")
                        inside.open()
                        await gate.pass(on: loop)
                    }
                }
            }
            await inside.pass(on: loop)
            let waiting = loop.spawn {
                await failure { _ = try await store.database(on: loop).query("INSERT INTO t VALUES (2)") }
            }
            while store.writers.waitingCount == 0 { await loop.sleep(for: .milliseconds(1)) }
            await store.close()
            gate.open()
            #expect(await waiting.value?.code == .unavailable)
            #expect(await holder.value?.code == .unavailable)
            let again = try SQLiteStore(folder.location)
            #expect(try await again.database(on: loop).query("SELECT a FROM t").isEmpty)
            await again.close()
        }
    }

    @Test func `a store that is let go ends its threads too`() async throws {
        let folder = try DatabaseFolder()
        try await withLoop { loop in
            do {
                let store = try SQLiteStore(folder.location)
                _ = try await store.database(on: loop).query("CREATE TABLE t (a INTEGER)")
            }
            while folder.openDescriptorCount() > 0 { await loop.sleep(for: .milliseconds(1)) }
        }
    }

    @Test func `a view that is closed refuses, and the store goes on`() async throws {
        try await withStore { fixture in
            let database = fixture.database
            await database.close()
            #expect(await failure { _ = try await database.query("SELECT 1") }?.code == .unavailable)
            #expect(await failure { try await database.transaction { _ in } }?.code == .unavailable)
            try await fixture.expect(1, from: "SELECT 1")
        }
    }

    @Test func `what is in memory is shared by the views of one store and no other`() async throws {
        try await withStore(inMemory: true, loops: 2, schema: "CREATE TABLE t (a INTEGER)") { fixture in
            let other = fixture.loops.loops[1]
            try await other.run { _ = try await fixture.store.database(on: other).query("INSERT INTO t VALUES (1)") }
            try await fixture.expect(1, from: "SELECT count(*) FROM t")
            let second = try SQLiteStore(.memory)
            let view = second.database(on: fixture.loop)
            #expect(await failure { _ = try await view.query("SELECT * FROM t") }?.code == .schemaMismatch)
            await second.close()
        }
    }
}
