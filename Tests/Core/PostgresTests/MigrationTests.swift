import Database
import Linux
import Networking
import Postgres
import TestKit
import Testing

@Suite struct MigrationTests {
    private static let script = """
        -- Many statements; with a semicolon; in a comment.
        CREATE TABLE first (id BIGINT, note TEXT DEFAULT 'a;b');
        CREATE FUNCTION answer() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN 42; END; $$;
        INSERT INTO first VALUES (answer());
        """

    private static let count: SQL = "SELECT count(*) FROM pg_class WHERE relname IN ('first', 'second')"

    @Test func `a script and the note behind it are applied together`() async throws {
        try await withPool { pool, _ in
            let notes = try await pool.withMigrationLock { session in
                try await session.run(script: Self.script, then: "INSERT INTO first VALUES (\(7))")
                return try await session.query("SELECT id FROM first ORDER BY id").count
            }
            #expect(notes == 2)
            #expect(try await pool.value("SELECT sum(id)::bigint FROM first", as: Int.self) == 49)
            #expect(pool.occupancy.leased == 0)
        }
    }

    @Test func `a script that fails at any place leaves nothing, and says where`() async throws {
        try await withPool { pool, _ in
            let cases: [(String, SQL, String)] = [
                (Self.script + "\nSELEC 1;", "SELECT 1", "line 5: syntax error"),
                (Self.script + "\nSELECT 1 / 0;\nCREATE TABLE second ()", "SELECT 1", "division by zero"),
                (Self.script, "INSERT INTO nowhere VALUES (1)", "nowhere"),
                (Self.script + "\nROLLBACK; CREATE TABLE unseen ()", "SELECT 1", "ends the transaction"),
            ]
            for (script, statement, reason) in cases {
                let error = await #expect(throws: DatabaseError.self) {
                    try await pool.withMigrationLock { try await $0.run(script: script, then: statement) }
                }
                #expect(error?.message.contains(reason) == true)
                let left = try await pool.value(Self.count, as: Int.self)
                #expect(left == 0)
            }
            // A session goes on after a script that failed.
            try await pool.withMigrationLock { session in
                await #expect(throws: DatabaseError.self) { try await session.run(script: "SELEC", then: "SELECT 1") }
                try await session.run(script: Self.script, then: "SELECT 1")
                try await session.run(script: "", then: "SELECT 1")
            }
            #expect(await pool.failure(of: "SELECT * FROM first") == nil)
        }
    }

    @Test func `only one is in the place at a time, however long it takes`() async throws {
        try await withPool({ settings in
            settings.statementTimeout = .milliseconds(400)
            settings.lockTimeout = .milliseconds(50)
            settings.graceTime = .milliseconds(100)
        }) { pool, bench in
            _ = try await pool.query("CREATE TABLE entries (id BIGINT)")
            let confined = LoopBound(pool, on: bench.loop)
            let inside = Lock(0)
            let tasks = (0..<3).map { number in
                Task(executorPreference: bench.loop) {
                    try await confined.value.withMigrationLock { session in
                        let count = inside.withLock { count in
                            count += 1
                            return count
                        }
                        #expect(count == 1)
                        try await session.run(
                            script: "SELECT pg_sleep(0.6)",
                            then: "INSERT INTO entries VALUES (\(number))"
                        )
                        inside.withLock { $0 -= 1 }
                    }
                }
            }
            for task in tasks { try await task.value }
            #expect(try await pool.value("SELECT count(*) FROM entries", as: Int.self) == 3)
        }
    }

    @Test func `a program that dies in the middle leaves nothing half done and frees the place`() async throws {
        try await withPool({ $0.patienceWhileAway = .seconds(10) }) { pool, _ in
            await #expect(throws: DatabaseError.self) {
                try await pool.withMigrationLock { session in
                    try await session.run(
                        script: Self.script + "SELECT pg_terminate_backend(pg_backend_pid());",
                        then: "SELECT 1"
                    )
                }
            }
            let left = try await pool.value(Self.count, as: Int.self)
            #expect(left == 0)
            try await pool.withMigrationLock { try await $0.run(script: Self.script, then: "SELECT 1") }
        }
    }
}
