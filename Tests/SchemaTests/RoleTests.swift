import Database
import Linux
import Networking
import Operations
import Postgres
import TestKit
import Testing

/// The role that the running programs have: it works with the data, and can not alter what holds it.
@Suite struct RoleTests {
    static let allowed = [
        "SELECT count(*) FROM users", "UPDATE users SET username = username", "DELETE FROM sessions",
        "SELECT version FROM schema_migrations", "SELECT count(*) FROM audit",
        """
        INSERT INTO audit (id, at, action, is_success)
        VALUES ('01900000-0000-7000-8000-000000000001', '2026-01-15T10:30:00Z', 'test', true)
        """,
        """
        INSERT INTO revocations (kind, subject, valid_after, expires_at)
        VALUES ('user', '01900000-0000-7000-8000-000000000001', '2026-01-15T10:30:00Z', '2026-01-15T10:45:00Z')
        """,
    ]
    static let refused = [
        "ALTER TABLE users ADD COLUMN backdoor text", "DROP TABLE users", "CREATE TABLE mine (a integer)",
        "TRUNCATE users", "DROP TRIGGER users_last_administrator ON users",
        "ALTER TABLE users DISABLE TRIGGER users_last_administrator", "DELETE FROM audit",
        "UPDATE audit SET action = 'nothing'", "DELETE FROM schema_migrations",
        "INSERT INTO schema_migrations (version, name) VALUES (2, 'mine')", "CREATE ROLE mine SUPERUSER",
        "ALTER FUNCTION users_keep_an_administrator() OWNER TO gatehouse_app",
    ]

    @Test func `the program's role works with the data and can not alter the schema`() async throws {
        let server = try await PostgresServer.shared()
        try await server.withDatabase { url in
            _ = try await TestDatabase.migrate(url)
            let name = "app_\(UInt32.random(in: 0 ... .max))"
            try await server.execute("CREATE ROLE \(name) LOGIN PASSWORD 'app' IN ROLE gatehouse_app")
            let database = PostgresServer.database(in: url)
            let address = server.url(database: database, user: name, password: "app")
            try await withLoop { loop in
                let logger = Logger(sink: CollectingLogSink())
                let pool = PostgresPool(try PostgresAddress(url: address), settings: .init(), on: loop, logger: logger)
                for statement in RoleTests.allowed {
                    await #expect(throws: Never.self, "\(statement)") { try await pool.query(SQL(literal: statement)) }
                }
                for statement in RoleTests.refused {
                    let error = await #expect(throws: DatabaseError.self, "\(statement)") {
                        try await pool.query(SQL(literal: statement))
                    }
                    #expect(error?.code == .permissionDenied, "\(statement)")
                }
                await pool.close()
            }
            try await server.execute("DROP ROLE \(name)")
        }
    }
}
