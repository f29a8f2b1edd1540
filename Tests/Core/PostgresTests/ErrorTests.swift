import Database
import Linux
import Networking
import Operations
import Postgres
import TestKit
import Testing

@Suite struct ErrorTests {
    private static let schema: [SQL] = [
        """
        CREATE TABLE people (id BIGINT CONSTRAINT people_pkey PRIMARY KEY, name TEXT CONSTRAINT people_name_key UNIQUE, \
        age BIGINT NOT NULL CONSTRAINT people_age_check CHECK (age >= 0))
        """,
        "CREATE TABLE pets (owner BIGINT CONSTRAINT pets_owner_fkey REFERENCES people)",
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
        RAISE EXCEPTION 'sesame %', NEW.name USING CONSTRAINT = 'people_rule'; END $$
        """,
        "CREATE TRIGGER refuse BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.age > 100) EXECUTE FUNCTION refuse()",
        "INSERT INTO people VALUES (1, 'sesame', 1)",
    ]

    @Test func `what the schema refuses is told by name, without the data`() async throws {
        try await withPool { pool, _ in
            for statement in Self.schema { _ = try await pool.query(statement) }
            let cases: [(SQL, DatabaseError.Code, String, String?, String?)] = [
                ("INSERT INTO people VALUES (\(1), \("x"), \(1))", .uniqueViolation, "23505", "people_pkey", nil),
                (
                    "INSERT INTO people VALUES (\(2), \("sesame"), \(1))", .uniqueViolation, "23505", "people_name_key",
                    nil
                ),
                (
                    "INSERT INTO people VALUES (\(2), \("sesame2"), \(-1))", .checkViolation, "23514",
                    "people_age_check", nil
                ),
                ("INSERT INTO people (id) VALUES (\(2))", .notNullViolation, "23502", nil, "age"),
                ("INSERT INTO pets VALUES (\(77))", .foreignKeyViolation, "23503", "pets_owner_fkey", nil),
                ("INSERT INTO people VALUES (\(3), \("sesame"), \(101))", .ruleViolation, "P0001", "people_rule", nil),
            ]
            for (statement, code, state, constraint, column) in cases {
                let error = try #require(await pool.failure(of: statement))
                #expect(error.code == code)
                #expect(error.sqlState == state)
                #expect(error.constraint == constraint)
                #expect(error.column == column)
                if code != .ruleViolation {
                    #expect(error.table == (constraint == "pets_owner_fkey" ? "pets" : "people"))
                }
                for text in ["\(error)", String(reflecting: error)] {
                    #expect(!text.contains("sesame") && !text.contains("77"))
                }
            }
        }
    }

    @Test func `other refusals have a code of their own`() async throws {
        try await withPool { pool, bench in
            let owner = try await pool.value("SELECT current_user::text", as: String.self)
            #expect(owner == PostgresServer.user)
            _ = try await pool.query("CREATE TABLE things (id BIGINT)")
            #expect(await pool.failure(of: "SELECT * FROM nowhere")?.code == .schemaMismatch)
            #expect(await pool.failure(of: "SELECT nothing FROM things")?.code == .schemaMismatch)
            #expect(await pool.failure(of: "SELEC 1")?.code == .other)
            #expect(await pool.failure(of: "SELEC 1")?.sqlState == "42601")
            #expect(await pool.failure(of: "COPY things TO STDOUT")?.code == .other)
            try await bench.withPool(bench.url + "&options=-c%20default_transaction_read_only%3Don") { readOnly in
                #expect(await readOnly.failure(of: "INSERT INTO things VALUES (1)")?.code == .readOnly)
            }
            let role = "role_\(ProcessInfo.identifier)"
            _ = try await pool.query(SQL(literal: "CREATE ROLE \(role) LOGIN PASSWORD 'pass'"))
            let url = bench.server.url(database: bench.database, user: role, password: "pass")
            try await bench.withPool(url) { stranger in
                #expect(await stranger.failure(of: "SELECT * FROM things")?.code == .permissionDenied)
            }
            _ = try await pool.query(SQL(literal: "DROP ROLE \(role)"))
        }
    }

    @Test func `notices are logged without their text`() async throws {
        try await withPool { pool, bench in
            _ = try await pool.query("DO $$ BEGIN RAISE NOTICE 'sesame'; RAISE WARNING 'sesame'; END $$")
            _ = try await pool.query("CREATE TABLE IF NOT EXISTS things (id BIGINT)")
            _ = try await pool.query("CREATE TABLE IF NOT EXISTS things (id BIGINT)")
            #expect(
                bench.log.lines.contains {
                    $0.contains("NOTICE the database sent a notice severity=NOTICE sql_state=00000")
                }
            )
            #expect(
                bench.log.lines.contains {
                    $0.contains("WARNING the database sent a notice severity=WARNING sql_state=01000")
                }
            )
            #expect(bench.log.contains("sql_state=42P07"))
            #expect(!bench.log.contains("sesame"))
        }
    }
}
