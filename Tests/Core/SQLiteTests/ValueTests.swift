import Database
import Linux
import Testing

@testable import SQLite

@Suite struct ValueTests {
    private func roundTrip<Value: DatabaseConvertible & Equatable>(
        _ values: [Value],
        _ fixture: StoreFixture
    ) async throws {
        for value in values {
            _ = try await fixture.database.query("DELETE FROM values_kept")
            _ = try await fixture.database.query("INSERT INTO values_kept VALUES (\(value))")
            var stored = try await fixture.database.query("SELECT value FROM values_kept")[0].reader
            #expect(try stored.next(as: Value.self) == value)
            // And as it comes back without having been stored.
            var direct = try await fixture.database.query("SELECT \(value)")[0].reader
            #expect(try direct.next(as: Value.self) == value)
        }
    }

    @Test(arguments: [false, true])
    func `every type comes back as it went in, at its edges too`(inMemory: Bool) async throws {
        try await withStore(inMemory: inMemory, schema: "CREATE TABLE values_kept (value ANY) STRICT") { fixture in
            try await roundTrip([true, false], fixture)
            try await roundTrip([0, 1, -1, .max, .min, 1 << 53 + 1, -(1 << 53) - 1], fixture)
            try await roundTrip(
                [0, -0.5, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0.1, 3],
                fixture
            )
            try await roundTrip(
                [
                    "", " ", "a", "'; DROP TABLE users; --", "ß Ünïcödé 漢字 🧑‍🚀", "\n\r\t\u{1}",
                    String(repeating: "x", count: 100_000),
                ],
                fixture
            )
            try await roundTrip(
                [[], [0], [0, 0, 0], Array(0...255), [UInt8](repeating: 255, count: 100_000)] as [[UInt8]],
                fixture
            )
            try await roundTrip(
                [UUID(high: 0, low: 0), UUID(high: .max, low: .max), UUID(high: 0x0102_0304_0506_0708, low: 9)],
                fixture
            )
            try await roundTrip(
                [
                    WallTime(seconds: 0), WallTime(seconds: -1, nanosecondPart: 999_999_000),
                    WallTime(seconds: 253_402_300_799, nanosecondPart: 999_999_000), WallTime(seconds: -62_135_596_800),
                    WallTime(microseconds: .max), WallTime(microseconds: .min + 999_999),
                ],
                fixture
            )
        }
    }

    @Test func `values are stored in the form the schema expects`() async throws {
        try await withStore { fixture in
            let (id, time) = (UUID(high: 1, low: 2), WallTime(seconds: 5, nanosecondPart: 6_000))
            let result = try await fixture.database.query(
                """
                SELECT typeof(\(true)), \(true), typeof(\(id)), hex(\(id)), typeof(\(time)), \(time), typeof(\("")), \
                typeof(\([UInt8]())), typeof(\(1.0))
                """
            )
            var row = result[0].reader
            #expect(try row.next(as: String.self) == "integer")
            #expect(try row.next(as: Int.self) == 1)
            #expect(try row.next(as: String.self) == "blob")
            #expect(try row.next(as: String.self) == "00000000000000010000000000000002")
            #expect(try row.next(as: String.self) == "integer")
            #expect(try row.next(as: Int.self) == 5_000_006)
            for kind in ["text", "blob", "real"] { #expect(try row.next(as: String.self) == kind) }
        }
    }

    @Test func `NULL goes in and out, and is refused where a value must be`() async throws {
        try await withStore { fixture in
            let nothing: String? = nil
            var row = try await fixture.database.query("SELECT \(nothing), \(nothing) IS NULL, NULL")[0].reader
            #expect(try row.nextIfPresent(as: String.self) == nil)
            #expect(try row.next(as: Bool.self))
            #expect(throws: DatabaseError.self) { try row.next(as: Int.self) }
        }
    }

    @Test func `what SQLite would change without a word is refused`() async throws {
        try await withStore(schema: "CREATE TABLE t (value)") { fixture in
            let database = fixture.database
            for value in ["a\0b", "\0"] {
                #expect(
                    await failure { _ = try await database.query("INSERT INTO t VALUES (\(value))") }?.code == .other
                )
            }
            #expect(
                await failure { _ = try await database.query("INSERT INTO t VALUES (\(Double.nan))") }?.code == .other
            )
            #expect(await failure { try await fixture.run("SELECT 1\0; DROP TABLE t") }?.code == .other)
            try await fixture.expect(0, from: "SELECT count(*) FROM t")
        }
    }

    @Test func `a parameter can be used again, in any order, and its number must fit`() async throws {
        try await withStore { fixture in
            let piece: SQL = "\(2) + \(30)"
            let sum: SQL = "SELECT \(100) + \(piece)"
            try await fixture.expect(132, from: sum)
            try await fixture.expect(9, from: "SELECT $2 - $1 + $2 + 0 * \(5) * \(7)")
            for text in ["SELECT $1", "SELECT ?", "SELECT :name", "SELECT $1::text", "SELECT $0"] {
                #expect(await failure { try await fixture.run(text) }?.code == .other, "\(text)")
            }
        }
    }

    @Test func `columns have their names, and statements say how many rows they changed`() async throws {
        try await withStore(schema: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)") { fixture in
            let database = fixture.database
            let empty = try await database.query("SELECT a, b AS other FROM t")
            #expect(empty.columns == ["a", "other"] && empty.isEmpty && empty.changedCount == 0)
            let inserted = try await database.query("INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'y') RETURNING a")
            #expect(inserted.count == 3 && inserted.changedCount == 3 && inserted.columns == ["a"])
            #expect(try await database.query("SELECT * FROM t").changedCount == 0)
            #expect(try await database.query("UPDATE t SET b = 'z' WHERE b = 'y'").changedCount == 2)
            #expect(try await database.query("CREATE TABLE other (a)").changedCount == 0)
            #expect(try await database.query("DELETE FROM t WHERE a = 99").changedCount == 0)
            #expect(try await database.query("DELETE FROM t WHERE a = 1").changedCount == 1)
        }
    }
}
