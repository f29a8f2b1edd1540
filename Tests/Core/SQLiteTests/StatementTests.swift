import Database
import Linux
import Testing

@testable import SQLite

@Suite struct StatementTests {
    @Test func `prepared statements are kept up to a limit, the oldest goes first`() throws {
        var settings = SQLiteSettings()
        settings.statementCacheLimit = 3
        let connection = try SQLiteConnection(.memory, role: .writer, settings: settings)
        for number in 0..<10 { _ = try connection.execute(SQL(literal: "SELECT \(number)"), within: .none) }
        #expect(connection.cachedStatementCount == 3)
        for _ in 0..<10 { _ = try connection.execute("SELECT 9", within: .none) }
        #expect(connection.cachedStatementCount == 3)
    }

    @Test func `the cache forgets what was not used for longest`() throws {
        let connection = try SQLiteConnection(.memory, role: .writer, settings: SQLiteSettings())
        var cache = StatementCache(limit: 2)
        let statement = try connection.makeStatement("SELECT 1")
        cache.insert(statement, for: "a")
        cache.insert(statement, for: "b")
        #expect(cache.statement(for: "a") != nil)
        cache.insert(statement, for: "c")
        #expect(cache.statement(for: "b") == nil)
        #expect(cache.statement(for: "a") != nil && cache.statement(for: "c") != nil)
    }

    @Test func `a kept statement follows a change of the schema`() async throws {
        try await withStore(schema: "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)") { fixture in
            for _ in 0..<3 { #expect(try await fixture.database.query("SELECT * FROM t").columns == ["a"]) }
            try await fixture.run("ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'new'")
            for _ in 0..<3 {
                let result = try await fixture.database.query("SELECT * FROM t")
                #expect(result.columns == ["a", "b"])
                var row = result[0].reader
                #expect(try row.next(as: Int.self) == 1)
                #expect(try row.next(as: String.self) == "new")
            }
            try await fixture.run("ALTER TABLE t DROP COLUMN a")
            #expect(try await fixture.database.query("SELECT * FROM t").columns == ["b"])
            try await fixture.run("DROP TABLE t")
            #expect(await failure { try await fixture.run("SELECT * FROM t") }?.code == .schemaMismatch)
            try await fixture.run("CREATE TABLE t (c INTEGER)")
            #expect(try await fixture.database.query("SELECT * FROM t").columns == ["c"])
        }
    }

    /// A reader learns of a new schema when it next reads: what it makes of a statement before that may be wrong.
    @Test func `a reader that does not know of a new schema does not judge`() async throws {
        var settings = SQLiteSettings.patient
        settings.readerCount = 1
        try await withStore(settings: settings, schema: "CREATE TABLE t (a INTEGER)") { fixture in
            for _ in 0..<3 {
                try await fixture.expect(0, from: "SELECT count(*) FROM t")
                try await fixture.run("DROP TABLE t")
                try await fixture.run("CREATE TABLE t (a INTEGER)")
                try await fixture.expect(0, from: "SELECT count(*) FROM t")
                try await fixture.run("DROP TABLE t")
                try await fixture.run("CREATE TABLE IF NOT EXISTS t (a INTEGER)")
                try await fixture.expect(0, from: "SELECT count(*) FROM t")
                try await fixture.run("ALTER TABLE t ADD COLUMN b INTEGER")
                // A reader that knows of one column only would refuse.
                try await fixture.run("ALTER TABLE t DROP COLUMN a")
            }
        }
    }

    @Test func `a read that failed once is not sent to the writer for ever`() async throws {
        try await withStore { fixture in
            let database = fixture.database
            #expect(await failure { _ = try await database.query("SELECT a FROM later") }?.code == .schemaMismatch)
            try await fixture.run("CREATE TABLE later (a INTEGER)")
            try await fixture.database.transaction { _ in
                // The writer is taken.
                let result = try await database.query("SELECT a FROM later")
                #expect(result.isEmpty)
            }
        }
    }

    @Test func `a statement that failed in the middle of its rows can be used again`() throws {
        let connection = try SQLiteConnection(.memory, role: .writer, settings: SQLiteSettings())
        let statement: SQL = "SELECT abs(column1) FROM (VALUES (1), (\(Int.min)))"
        for _ in 0..<3 { #expect(throws: DatabaseError.self) { try connection.execute(statement, within: .none) } }
        #expect(try connection.execute("SELECT abs(column1) FROM (VALUES (1), (\(-2)))", within: .none).count == 2)
    }

    @Test func `a connection is set up as it should be`() throws {
        let folder = try DatabaseFolder()
        let store = try SQLiteStore(folder.location)
        let connection = try SQLiteConnection(folder.location, role: .reader, settings: SQLiteSettings())
        let expected: [(String, DatabaseValue)] = [
            ("journal_mode", .text("wal")), ("synchronous", .integer(2)), ("foreign_keys", .integer(1)),
            ("cell_size_check", .integer(1)), ("temp_store", .integer(2)),
            ("recursive_triggers", .integer(1)), ("busy_timeout", .integer(5_000)), ("query_only", .integer(1)),
        ]
        for (name, value) in expected {
            let result = try connection.execute(SQL(literal: "PRAGMA \(name)"), within: .none)
            #expect(result == value, "\(name)")
        }
        #expect(throws: DatabaseError.self) { try connection.execute("CREATE TABLE t (a)", within: .none) }
        withExtendedLifetime(store) {}
    }
}

/// Whether a result is this one value.
private func == (result: QueryResult, value: DatabaseValue) -> Bool {
    guard result.count == 1, result.columns.count == 1 else { return false }
    var row = result[0].reader
    switch value {
    case .integer(let expected): return (try? row.next(as: Int.self)).map { Int64($0) == expected } ?? false
    case .text(let expected): return (try? row.next(as: String.self)) == expected
    default: return false
    }
}
