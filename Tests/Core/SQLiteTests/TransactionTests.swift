import Database
import Linux
import Networking
import Testing

@testable import SQLite

@Suite struct TransactionTests {
    private struct Refusal: Error {}
    private static let schema = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT '')"

    @Test(arguments: [false, true])
    func `a transaction is seen by others when it is committed, and not before`(inMemory: Bool) async throws {
        try await withStore(inMemory: inMemory, schema: TransactionTests.schema) { fixture in
            let database = fixture.database
            let inside = try await database.transaction { executor in
                _ = try await executor.query("INSERT INTO t (a) VALUES (\(1))")
                _ = try await executor.query("INSERT INTO t (a) VALUES (\(2))")
                // In memory a reader would wait for the writer.
                if !inMemory { #expect(try await fixture.integer("SELECT count(*) FROM t") == 0) }
                return try await executor.query("SELECT a FROM t").count
            }
            #expect(inside == 2)
            try await fixture.expect(2, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a transaction that throws is rolled back, and its error comes out`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            await #expect(throws: Refusal.self) {
                try await fixture.database.transaction { executor in
                    _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                    throw Refusal()
                }
            }
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
            // Nothing is left open.
            try await fixture.run("INSERT INTO t (a) VALUES (1)")
            try await fixture.expect(1, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a failed statement spoils its transaction, even when the error is swallowed`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            let error = await failure {
                try await fixture.database.transaction { executor in
                    _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                    _ = try? await executor.query("INSERT INTO t (a) VALUES (1)")
                    let next = await failure { _ = try await executor.query("INSERT INTO t (a) VALUES (2)") }
                    #expect(next?.code == .other)
                }
            }
            #expect(error?.code == .uniqueViolation)
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `an error that rolls back by itself does not let the rest through`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            let error = await failure {
                try await fixture.database.transaction { executor in
                    _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                    _ = try? await executor.query("INSERT OR ROLLBACK INTO t (a) VALUES (1)")
                    _ = try? await executor.query("INSERT INTO t (a) VALUES (2)")
                }
            }
            #expect(error?.code == .uniqueViolation)
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
        }
    }

    @Test(arguments: [false, true])
    func `nobody else begins or ends a transaction, in the driver's own words either`(inMemory: Bool) async throws {
        try await withStore(inMemory: inMemory, schema: TransactionTests.schema) { fixture in
            // So that all of them have been used.
            try await fixture.run("INSERT INTO t (a) VALUES (1); INSERT INTO t (a) VALUES (2)")
            try? await fixture.database.transaction { executor in
                _ = try await executor.query(SQL(literal: "DELETE FROM t; INSERT INTO t (a) VALUES (1)"))
                _ = try await executor.query(SQL(literal: "DELETE FROM t; INSERT INTO absent VALUES (1)"))
            }
            for text in [
                "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT piece", "RELEASE piece", "ROLLBACK TO piece",
            ] {
                #expect(await failure { try await fixture.run(text) }?.code == .permissionDenied, "\(text)")
                let error = await failure {
                    try await fixture.database.transaction { executor in
                        _ = try await executor.query("INSERT INTO t (a) VALUES (3)")
                        _ = try await executor.query(SQL(literal: text))
                    }
                }
                #expect(error?.code == .permissionDenied, "\(text)")
                try await fixture.expect(3, from: "SELECT sum(a) FROM t")
            }
        }
    }

    @Test func `a deferred foreign key fails the commit, and nothing stays`() async throws {
        let schema = """
            CREATE TABLE parent (id INTEGER PRIMARY KEY);
            CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)
            """
        try await withStore(schema: schema) { fixture in
            let error = await failure {
                try await fixture.database.transaction { executor in
                    _ = try await executor.query("INSERT INTO child VALUES (1)")
                }
            }
            #expect(error?.code == .foreignKeyViolation)
            // The write lock is free at once, for another process say.
            var impatient = SQLiteSettings()
            impatient.busyLimit = .zero
            let other = try SQLiteStore(fixture.folder.location, settings: impatient)
            _ = try await other.database(on: fixture.loop).query("INSERT INTO parent VALUES (5)")
            await other.close()
            try await fixture.expect(0, from: "SELECT count(*) FROM child")
            try await fixture.database.transaction { executor in
                _ = try await executor.query("INSERT INTO child VALUES (1)")
                _ = try await executor.query("INSERT INTO parent VALUES (1)")
            }
            try await fixture.expect(1, from: "SELECT count(*) FROM child")
        }
    }

    @Test func `a transaction whose task is cancelled is rolled back`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            let (inside, gate) = (Gate(), Gate())
            let task = fixture.loop.spawn {
                await failure {
                    try await fixture.database.transaction { executor in
                        _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                        inside.open()
                        await gate.pass(on: fixture.loop)
                        // It does not even notice.
                    }
                }
            }
            await inside.pass(on: fixture.loop)
            task.cancel()
            gate.open()
            #expect(await task.value?.code == .cancelled)
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
            try await fixture.run("INSERT INTO t (a) VALUES (1)")
        }
    }

    @Test func `a statement of a cancelled transaction is interrupted`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            let inside = Gate()
            let task = fixture.loop.spawn {
                await failure {
                    try await fixture.database.transaction { executor in
                        _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                        inside.open()
                        _ = try await executor.query(SQL(literal: endlessInsert))
                    }
                }
            }
            await inside.pass(on: fixture.loop)
            task.cancel()
            #expect(await task.value?.code == .cancelled)
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `the executor is of no use after the end`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            let kept = try await fixture.database.transaction { executor in executor }
            #expect(await failure { _ = try await kept.query("INSERT INTO t (a) VALUES (1)") }?.code == .other)
            // Nor while somebody else's transaction is open.
            try await fixture.database.transaction { _ in
                #expect(await failure { _ = try await kept.query("INSERT INTO t (a) VALUES (1)") }?.code == .other)
            }
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a transaction inside another, and a write beside it, are refused at once`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            let database = fixture.database
            try await database.transaction { executor in
                _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                #expect(await failure { try await database.transaction { _ in } }?.code == .other)
                #expect(await failure { _ = try await database.query("INSERT INTO t (a) VALUES (2)") }?.code == .other)
            }
            try await fixture.expect(1, from: "SELECT count(*) FROM t")
        }
    }

    /// Runs the body while another task of the loop has a transaction open, and then lets that one write a row.
    private func whileHeld(_ fixture: StoreFixture, _ body: () async throws -> Void) async throws {
        let (inside, gate) = (Gate(), Gate())
        let holder = fixture.loop.spawn {
            await failure {
                try await fixture.database.transaction { executor in
                    inside.open()
                    await gate.pass(on: fixture.loop)
                    _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                }
            }
        }
        await inside.pass(on: fixture.loop)
        try await body()
        gate.open()
        #expect(await holder.value == nil)
    }

    @Test func `others wait in line for the writer, and then have their turn`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            var waiting: [Task<DatabaseError?, Never>] = []
            try await whileHeld(fixture) {
                waiting = [
                    fixture.loop.spawn { await failure { try await fixture.run("INSERT INTO t (a) VALUES (2)") } },
                    fixture.loop.spawn {
                        await failure {
                            try await fixture.database.transaction { executor in
                                _ = try await executor.query("INSERT INTO t (a) VALUES (3)")
                            }
                        }
                    },
                ]
                await fixture.awaitWaitingWriters(2)
                // Reading does not wait.
                try await fixture.expect(0, from: "SELECT count(*) FROM t")
            }
            for task in waiting { #expect(await task.value == nil) }
            try await fixture.expect(3, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `nobody waits in line for longer than they may`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            let database = fixture.database
            database.waitLimit = .milliseconds(30)
            try await whileHeld(fixture) {
                let write = await failure { _ = try await database.query("INSERT INTO t (a) VALUES (2)") }
                #expect(write?.code == .timeout && write?.isUnavailability == true)
                #expect(await failure { try await database.transaction { _ in } }?.code == .timeout)
                #expect(fixture.store.writers.waitingCount == 0)
            }
            try await fixture.expect(1, from: "SELECT count(*) FROM t WHERE a = 1")
            try await fixture.expect(1, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a full line refuses at once`() async throws {
        var settings = SQLiteSettings.patient
        settings.queueLimit = 2
        try await withStore(settings: settings, schema: TransactionTests.schema) { fixture in
            var waiting: [Task<DatabaseError?, Never>] = []
            try await whileHeld(fixture) {
                waiting = (2...3).map { number in
                    fixture.loop.spawn {
                        await failure { _ = try await fixture.database.query("INSERT INTO t (a) VALUES (\(number))") }
                    }
                }
                await fixture.awaitWaitingWriters(2)
                let error = await failure { try await fixture.run("INSERT INTO t (a) VALUES (4)") }
                #expect(error?.code == .poolExhausted && error?.isUnavailability == true)
            }
            for task in waiting { #expect(await task.value == nil) }
            try await fixture.expect(3, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a task that is cancelled leaves the line`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            try await whileHeld(fixture) {
                let waiting = fixture.loop.spawn {
                    await failure { try await fixture.run("INSERT INTO t (a) VALUES (2)") }
                }
                await fixture.awaitWaitingWriters(1)
                waiting.cancel()
                #expect(await waiting.value?.code == .cancelled)
                #expect(fixture.store.writers.waitingCount == 0)
            }
            try await fixture.expect(1, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `several statements in one text are carried out all or not at all`() async throws {
        try await withStore { fixture in
            let script =
                "CREATE TABLE a (x); -- one; two\nINSERT INTO a VALUES (';'); /* ; */ INSERT INTO a VALUES (2);\n"
            try await fixture.run(script)
            try await fixture.expect(2, from: "SELECT count(*) FROM a")
            #expect(
                await failure { try await fixture.run("CREATE TABLE b (x); INSERT INTO c VALUES (1);") }?.code
                    == .schemaMismatch
            )
            try await fixture.expect(1, from: "SELECT count(*) FROM sqlite_schema")
            try await fixture.database.transaction { executor in
                _ = try await executor.query(SQL(literal: "CREATE TABLE b (x); INSERT INTO b VALUES (1);"))
            }
            try await fixture.expect(1, from: "SELECT count(*) FROM b")
            for blank in ["", " ", ";", "-- nothing", "/* nothing", "/**/;\n"] { try await fixture.run(blank) }
            let binds: SQL = "SELECT \(1); SELECT 2"
            #expect(await failure { _ = try await fixture.database.query(binds) }?.code == .other)
        }
    }

    @Test func `a transaction takes a hundred thousand rows`() async throws {
        try await withStore(schema: TransactionTests.schema) { fixture in
            try await fixture.database.transaction { executor in
                for number in 0..<100_000 {
                    _ = try await executor.query("INSERT INTO t (a, b) VALUES (\(number), \("row \(number)"))")
                }
            }
            try await fixture.expect(100_000, from: "SELECT count(*) FROM t")
            let rows = try await fixture.database.query("SELECT a, b FROM t ORDER BY a")
            #expect(rows.count == 100_000)
            var last = rows[99_999].reader
            #expect(try last.next(as: Int.self) == 99_999)
            #expect(try last.next(as: String.self) == "row 99999")
        }
    }
}

/// A read and a write that would never end.
let endlessSelect = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
let endlessInsert = "INSERT INTO t (a) WITH RECURSIVE c(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
