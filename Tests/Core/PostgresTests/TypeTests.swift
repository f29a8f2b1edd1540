import Database
import Linux
import Postgres
import TestKit
import Testing

@Suite struct TypeTests {
    private static let longText = String(repeating: "ä€𝄞", count: 10_000)

    @Test func `values come back as they went`() async throws {
        try await withPool { pool, _ in
            func check<Value: DatabaseConvertible & Equatable>(_ values: [Value], as type: SQL) async throws {
                for value in values {
                    let answered = try await pool.value("SELECT \(value)::\(type)", as: Value.self)
                    #expect(answered == value)
                }
            }
            try await check([true, false], as: "bool")
            try await check([0, 1, -1, .max, .min], as: "bigint")
            try await check([0, -1, 32_767, -32_768], as: "smallint")
            try await check([0, -1, 2_147_483_647, -2_147_483_648], as: "integer")
            try await check([0, 4_294_967_295], as: "oid")
            try await check(
                [0, -0.5, .pi, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude],
                as: "float8"
            )
            try await check([0, -0.5, 16_777_216, .infinity], as: "real")
            try await check(["", " ", "it's", "\u{1}\u{7F}\\", "ÄÖ€𝄞", Self.longText], as: "text")
            try await check(["", "it's €"], as: "varchar")
            try await check([[], [0], Array(0...255)] as [[UInt8]], as: "bytea")
            try await check([UUID(high: 0, low: 0), UUID(high: .max, low: .max), UUID(high: 1, low: 2)], as: "uuid")
            let times: [(Int64, Int32)] = [
                (0, 0), (-1, 999_999_000), (1_736_935_800, 123_456_000), (-62_135_596_800, 0),
            ]
            try await check(times.map { WallTime(seconds: $0, nanosecondPart: $1) }, as: "timestamptz")
            // Without a zone it stands for UTC.
            try await check([WallTime(seconds: 1_736_935_800, nanosecondPart: 1_000)], as: "timestamp")
            #expect(try await pool.value("SELECT \(Double.nan)::float8", as: Double.self).isNaN)
        }
    }

    @Test func `NULL comes back as nothing, whatever its type`() async throws {
        try await withPool { pool, _ in
            for type: SQL in ["bool", "bigint", "float8", "text", "bytea", "uuid", "timestamptz", "jsonb", "inet"] {
                let result = try await pool.query("SELECT \(String?.none)::\(type), NULL::\(type)")
                var row = result[0].reader
                #expect(try row.nextIfPresent(as: String.self) == nil)
                #expect(try row.nextIfPresent(as: Int.self) == nil)
            }
        }
    }

    /// The same text with a value, with none, and with a value of another type.
    @Test func `a parameter may be NULL one time and a value the next`() async throws {
        try await withPool { pool, _ in
            _ = try await pool.query("CREATE TABLE small (id INTEGER, note TEXT)")
            for value in [Int?.none, 1, nil, 2] {
                _ = try await pool.query("INSERT INTO small (id) VALUES (\(value))")
            }
            _ = try await pool.query("INSERT INTO small (id) VALUES (\("3"))")
            #expect(try await pool.value("SELECT sum(id) FROM small WHERE id IS NOT NULL", as: Int.self) == 6)
        }
    }

    @Test func `text becomes what stands at its place`() async throws {
        try await withPool { pool, _ in
            _ = try await pool.query("CREATE TYPE mood AS ENUM ('calm', 'cross')")
            _ = try await pool.query("CREATE EXTENSION citext")
            _ = try await pool.query(
                "CREATE TABLE odd (a JSON, b JSONB, c INET, d CIDR, e CITEXT, f mood, g DATE, h CHAR(4))"
            )
            let (json, address, network) = (#"{"a": [1, "ü"]}"#, "10.1.2.3", "fd00::/8")
            _ = try await pool.query(
                """
                INSERT INTO odd VALUES (\(json), \(json), \(address), \(network), \("MiXed"), \("cross"), \("2024-02-29"), \("ab"))
                """
            )
            let result = try await pool.query("SELECT * FROM odd WHERE e = \("mixed") AND c <<= \("10.0.0.0/8")::inet")
            var row = try #require(result.first).reader
            for expected in [json, json, address, network, "MiXed", "cross", "2024-02-29", "ab  "] {
                #expect(try row.next(as: String.self) == expected)
            }
            #expect(try await pool.value("SELECT inet '::1/64'", as: String.self) == "::1/64")
        }
    }

    @Test func `what can not be read is an error that names the column and shows nothing`() async throws {
        try await withPool { pool, _ in
            let statements: [SQL] = [
                "SELECT 'infinity'::timestamptz AS odd", "SELECT '-infinity'::timestamp AS odd",
                "SELECT 'infinity'::date AS odd",
                "SELECT 12.5::numeric AS odd", "SELECT ARRAY['secret'] AS odd", "SELECT '1 day'::interval AS odd",
                "SELECT ROW(1, 'secret') AS odd",
            ]
            for statement in statements {
                let error = await pool.failure(of: statement)
                #expect(error?.code == .unexpectedResult)
                #expect(error?.column == "odd")
                #expect(error?.message.contains("secret") == false)
            }
            #expect(await pool.failure(of: "SELECT \(1)") == nil)
        }
    }

    @Test func `what the server could not take is refused before it is sent`() async throws {
        try await withPool { pool, _ in
            #expect(await pool.failure(of: "SELECT \("a\0b")::text")?.sqlState == "22021")
            #expect(await pool.failure(of: "SELECT \(WallTime(seconds: .max))")?.sqlState == "22008")
            #expect(await pool.failure(of: "SELECT \(WallTime(seconds: .min))")?.sqlState == "22008")
            let many = SQL.joined((0..<65_536).map { "\($0)" }, by: ", ")
            #expect(await pool.failure(of: "SELECT \(many)")?.sqlState == "54023")
            #expect(await pool.failure(of: SQL(literal: "SELECT 1\0; DROP TABLE x"))?.code == .other)
            #expect(await pool.failure(of: "SELECT \(1)") == nil)
        }
    }

    @Test func `the session speaks UTF-8 and counts in UTC`() async throws {
        try await withPool { pool, _ in
            let expected: [(SQL, String)] = [
                ("SHOW timezone", "UTC"), ("SHOW client_encoding", "UTF8"), ("SHOW statement_timeout", "5s"),
                ("SHOW lock_timeout", "3s"), ("SHOW idle_in_transaction_session_timeout", "15s"),
                ("SHOW application_name", "gatehouse"),
            ]
            for (statement, value) in expected {
                let answer = try await pool.value(statement, as: String.self)
                #expect(answer == value)
            }
        }
    }
}
