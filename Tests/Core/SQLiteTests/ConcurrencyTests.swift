import Database
import Linux
import Networking
import Testing

@testable import SQLite

@Suite struct ConcurrencyTests {
    private static let schema = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT '')"

    @Test func `what was acknowledged on one loop is read on the other`() async throws {
        try await withStore(loops: 2, schema: ConcurrencyTests.schema) { fixture in
            let other = fixture.loops.loops[1]
            let writer = fixture.database
            for number in 1...500 {
                _ = try await writer.query("INSERT INTO t (a) VALUES (\(number))")
                let seen = try await other.run {
                    var row = try await fixture.store.database(on: other).query("SELECT max(a) FROM t")[0].reader
                    #expect(other.isCurrent)
                    return try row.next(as: Int.self)
                }
                #expect(seen == number)
            }
            #expect(fixture.loop.isCurrent)
        }
    }

    @Test func `readers go on while a writer writes, and each sees whole transactions`() async throws {
        try await withStore(loops: 2, schema: "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER)") {
            fixture in
            try await fixture.run("INSERT INTO accounts VALUES (1, 1000), (2, 0)")
            let isStopped = Lock(false)
            let readers = (0..<6).map { index in
                let loop = fixture.loops.loops[index % 2]
                return loop.spawn {
                    let database = fixture.store.database(on: loop)
                    var reads = 0
                    while !isStopped.withLock({ $0 }) {
                        guard let result = try? await database.query("SELECT sum(balance), count(*) FROM accounts")
                        else { return -1 }
                        var row = result[0].reader
                        guard let sum = try? row.next(as: Int.self), sum == 1_000 else { return -1 }
                        reads += 1
                    }
                    return reads
                }
            }
            for _ in 0..<200 {
                try await fixture.database.transaction { executor in
                    _ = try await executor.query("UPDATE accounts SET balance = balance - 1 WHERE id = 1")
                    _ = try await executor.query("UPDATE accounts SET balance = balance + 1 WHERE id = 2")
                }
            }
            isStopped.withLock { $0 = true }
            for reader in readers { #expect(await reader.value > 0) }
            try await fixture.expect(200, from: "SELECT balance FROM accounts WHERE id = 2")
        }
    }

    @Test func `two loops that count do not lose a step`() async throws {
        try await withStore(loops: 2, schema: "CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (0)") {
            fixture in
            let tasks = (0..<8).map { index in
                let loop = fixture.loops.loops[index % 2]
                return loop.spawn {
                    await failure {
                        let database = fixture.store.database(on: loop)
                        for round in 0..<50 {
                            if round % 2 == 0 {
                                _ = try await database.query("UPDATE counter SET n = n + 1")
                                continue
                            }
                            try await database.transaction { executor in
                                var row = try await executor.query("SELECT n FROM counter")[0].reader
                                let count: Int = try row.next()
                                _ = try await executor.query("UPDATE counter SET n = \(count + 1)")
                            }
                        }
                    }
                }
            }
            for task in tasks { #expect(await task.value == nil) }
            try await fixture.expect(400, from: "SELECT n FROM counter")
        }
    }

    /// Statements that wait together share a commit. Each comes with what it is to fail with.
    private func runTogether(
        _ statements: [(String, DatabaseError.Code?)],
        _ fixture: StoreFixture
    ) async throws {
        let (inside, gate) = (Gate(), Gate())
        let holder = fixture.loop.spawn {
            await failure {
                try await fixture.database.transaction { _ in
                    inside.open()
                    await gate.pass(on: fixture.loop)
                }
            }
        }
        await inside.pass(on: fixture.loop)
        var tasks: [Task<DatabaseError?, Never>] = []
        for (text, _) in statements {
            tasks.append(fixture.loop.spawn { await failure { try await fixture.run(text) } })
            // In this order: a reader looks at each first.
            await fixture.awaitWaitingWriters(tasks.count)
        }
        gate.open()
        #expect(await holder.value == nil)
        for (task, (text, code)) in zip(tasks, statements) { #expect(await task.value?.code == code, "\(text)") }
    }

    @Test func `writes that share a commit fail each for itself`() async throws {
        try await withStore(schema: ConcurrencyTests.schema) { fixture in
            try await fixture.run("INSERT INTO t (a) VALUES (5), (15)")
            try await runTogether(
                (0..<20).map { ("INSERT INTO t (a) VALUES (\($0))", $0 % 10 == 5 ? .uniqueViolation : nil) },
                fixture
            )
            try await fixture.expect(20, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a write that ends the shared transaction does not take the others with it`() async throws {
        var settings = SQLiteSettings.patient
        settings.statementLimit = .milliseconds(100)
        let schema = """
            CREATE TABLE t (a INTEGER PRIMARY KEY);
            CREATE TABLE child (parent INTEGER REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO t VALUES (1)
            """
        let troublemakers: [(String, DatabaseError.Code?)] = [
            ("INSERT OR ROLLBACK INTO t (a) VALUES (1)", .uniqueViolation),
            ("INSERT INTO child VALUES (-1)", .foreignKeyViolation),
            (endlessInsert, .timeout),
            ("COMMIT", .permissionDenied),
            ("CREATE TABLE made (x); INSERT INTO made VALUES (1)", nil),
            ("CREATE TABLE failed (x); INSERT INTO absent VALUES (1)", .schemaMismatch),
            ("PRAGMA wal_checkpoint", nil),
        ]
        for troublemaker in troublemakers {
            try await withStore(settings: settings, schema: schema) { fixture in
                let statements: [(String, DatabaseError.Code?)] =
                    [("INSERT INTO t VALUES (2)", nil), troublemaker, ("INSERT INTO t VALUES (3)", nil)]
                try await runTogether(statements, fixture)
                try await fixture.expect(6, from: "SELECT sum(a) FROM t")
                try await fixture.expect(0, from: "SELECT count(*) FROM child")
                let failed = try await fixture.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'failed'")
                #expect(failed == 0)
            }
        }
    }

    @Test func `a write is not repaired by one that happens to share its commit`() async throws {
        let schema = """
            CREATE TABLE t (a INTEGER PRIMARY KEY);
            CREATE TABLE child (parent INTEGER REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)
            """
        try await withStore(schema: schema) { fixture in
            try await runTogether(
                [("INSERT INTO child VALUES (1)", .foreignKeyViolation), ("INSERT INTO t VALUES (1)", nil)],
                fixture
            )
            try await fixture.expect(0, from: "SELECT count(*) FROM child")
            try await fixture.expect(1, from: "SELECT count(*) FROM t")
        }
    }

    @Test(arguments: [false, true])
    func `a statement that takes too long is ended, and the next one works`(inMemory: Bool) async throws {
        var settings = SQLiteSettings.patient
        settings.statementLimit = .milliseconds(50)
        try await withStore(inMemory: inMemory, settings: settings, schema: ConcurrencyTests.schema) { fixture in
            #expect(await failure { try await fixture.run(endlessSelect) }?.code == .timeout)
            #expect(await failure { try await fixture.run(endlessInsert) }?.code == .timeout)
            let error = await failure {
                try await fixture.database.transaction { executor in
                    _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
                    _ = try await executor.query(SQL(literal: endlessInsert))
                }
            }
            #expect(error?.code == .timeout)
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
            try await fixture.run("INSERT INTO t (a) VALUES (1)")
        }
    }

    @Test func `a read whose task is cancelled is ended`() async throws {
        try await withStore { fixture in
            let task = fixture.loop.spawn { await failure { try await fixture.run(endlessSelect) } }
            // Until it runs.
            await fixture.loop.sleep(for: .milliseconds(20))
            task.cancel()
            #expect(await task.value?.code == .cancelled)
            let early = fixture.loop.spawn { () -> DatabaseError? in
                withUnsafeCurrentTask { $0?.cancel() }
                return await failure { try await fixture.run("SELECT 1") }
            }
            #expect(await early.value?.code == .cancelled)
            try await fixture.expect(1, from: "SELECT 1")
        }
    }

    @Test func `a sign of life has its own limit`() async throws {
        var settings = SQLiteSettings.patient
        settings.readerCount = 1
        try await withStore(settings: settings) { fixture in
            let duration = try await fixture.database.ping(timeout: .seconds(5))
            #expect(duration > .zero)
            let busy = fixture.loop.spawn { await failure { try await fixture.run(endlessSelect) } }
            // The only reader is taken.
            await fixture.loop.sleep(for: .milliseconds(20))
            let error = await failure { _ = try await fixture.database.ping(timeout: .milliseconds(30)) }
            #expect(error?.code == .timeout)
            busy.cancel()
            #expect(await busy.value?.code == .cancelled)
        }
    }
}
